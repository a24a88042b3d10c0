import { mkdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Lets functions in a folder import the AWS SDK for JavaScript v3 without bringing it, as AWS's Node.js runtimes do: Node looks for packages in the folders
 * above. Of the SDK's clients, those are there that this machine has. Source: Lambda guide, "Runtime-included SDK versions".
 */
export async function offerRuntimeSdk(folder: string): Promise<void> {
  const client = createRequire(import.meta.url).resolve('@aws-sdk/client-sts/package.json');
  const packages = join(folder, 'node_modules');
  await mkdir(packages, { recursive: true });
  await symlink(dirname(dirname(client)), join(packages, '@aws-sdk'), 'dir').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
