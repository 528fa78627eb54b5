import type { RefusalCode } from '../sql/contract.ts';

/** What a person does about a refusal of a database, by its code: the reason stands before it. */
export const refusalFixes: Record<RefusalCode, string> = {
  'application-write':
    'nobody may decide that those rows are lost but you: find who wrote, and copy the rows before anything is deleted',
  attached:
    'wait until the stream has delivered everything; where it stands still, the state of the subscription says why',
  foreign:
    'remove what is named here if nobody needs it; it belongs to another replication, which this run does not touch',
  'no-databases':
    'name a database that exists there in wayBack.databases, or leave the field out to take all of them',
  'no-statements':
    'do what is said there, give a file of statements in tests.load.statements, or leave tests.load out',
  'not-fenced':
    'close the server for the applications as it says; nothing is opened on the other side before that is proved',
  'not-held': 'name the role in wayBack.applicationRoles, or take its right to write away',
  'not-ours':
    'remove from the schema viridian what is named here, or give it another name: its owner could run code with the rights of the run',
  'not-secured': 'there is no way back without losing rows now; the run goes on without one',
  'other-server': 'wait until the name leads to the server that is meant; RDS and DNS may lag by minutes',
  overridden: 'take back the setting that is named here: with it others could write, or rows would stay out',
  'owners-code':
    'disable or drop what is named here, or make its owner somebody who is trusted with the rights of the run',
  'read-only':
    'wait until the service has opened the server; where it stays, read_only in its parameter group says why',
  'read-only-copy': 'ask for it on a primary: roles and marks cannot be changed on a physical copy',
  'without-identity': 'give the tables that are named here a primary key or a replica identity',
  writers: 'end what is named here, or stop the program that opens it',
};
