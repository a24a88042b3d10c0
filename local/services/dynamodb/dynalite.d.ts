declare module 'dynalite' {
  import type { Server } from 'node:http';
  /** Makes a server that speaks DynamoDB's API; durations in milliseconds. */
  export default function dynalite(options?: {
    createTableMs?: number;
    updateTableMs?: number;
    deleteTableMs?: number;
    path?: string;
  }): Server;
}
