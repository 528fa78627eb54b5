import type { SignIn } from '../servers/endpoints/endpoint.ts';
import { MASTER_ROLE } from './database.ts';
import { startupParameters } from './proxy/wire.ts';
import { OWNER } from './server/server.ts';

/** The startup message of PostgreSQL. Source: PostgreSQL's documentation of its protocol, "StartupMessage". */
export const postgresSignIn: SignIn = {
  serverFirst: false,
  userIn: (startup) => startupParameters(startup).get('user') ?? '',
  ownRoles: [OWNER, MASTER_ROLE],
};
