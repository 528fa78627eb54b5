import type { SignIn } from '../servers/endpoints/endpoint.ts';
import { OWNER } from './server/server.ts';

/** Of a packet: its length and number. */
const header = 4;
/** Capabilities, the size of packets, the character set, and what is reserved: they stand before the user's name. */
const before = 4 + 4 + 1 + 23;

/** The handshake of the MySQL family. Source: MySQL's documentation of its protocol, "Protocol::HandshakeResponse41". */
export const mysqlSignIn: SignIn = {
  serverFirst: true,
  userIn(response) {
    const name = response.subarray(header + before);
    return name.subarray(0, Math.max(0, name.indexOf(0))).toString('utf8');
  },
  ownRoles: [OWNER],
};
