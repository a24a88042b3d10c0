import { listRefs } from '../../services/codecommit/refs.ts';
import type { Repository } from '../../services/codecommit/tables.ts';
import { flush, pktLine } from './pkt-line.ts';

/** What the receive-pack of every git since 2.29 can do, and what is asked of it here. */
const capabilities =
  'report-status report-status-v2 delete-refs side-band-64k quiet atomic ofs-delta object-format=sha1 agent=git/mergecast';

/**
 * What a push is told first: all refs, as `git receive-pack --advertise-refs` lists them, but read from the files, because a process
 * here would be waited for by every push. Source: git's pack-protocol, "reference discovery".
 */
export function pushAdvertisement(repository: Repository): Buffer {
  const refs = [...listRefs(repository, 'refs/')].sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = refs.length === 0 ? [`${'0'.repeat(40)} capabilities^{}`] : refs.map(([ref, id]) => `${id} ${ref}`);
  const packets = lines.map((line, at) => pktLine(at === 0 ? `${line}\0${capabilities}\n` : `${line}\n`));
  return Buffer.concat([...packets, flush]);
}
