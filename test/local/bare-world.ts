import { administratorKeys } from '../../local/accounts.ts';
import { type OpenWorld, openWorld, type WorldOptions } from '../../local/open-world.ts';

/** What an AWS SDK client is made with to speak to a world. */
export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A world without stacks for the tests of single services, with SDK settings for an administrator of any account. */
export async function bareWorld(
  options: WorldOptions = {},
): Promise<OpenWorld & { client(account: string, region?: string): ClientSettings }> {
  const open = await openWorld(options);
  return {
    ...open,
    client: (account, region = 'eu-west-1') => {
      const { accessKeyId, secretAccessKey } = administratorKeys(open.world, account);
      return { endpoint: open.world.endpoint, region, credentials: { accessKeyId, secretAccessKey } };
    },
  };
}
