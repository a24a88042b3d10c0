import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';

/** SHA-256 and its HMAC in the shape that the SDK's signer takes. */
export class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', Buffer.from(secret as Uint8Array));
  }

  update(content: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(Buffer.from(content as Uint8Array));
  }

  async digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {}
}
