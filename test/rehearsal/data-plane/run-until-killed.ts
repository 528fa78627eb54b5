import { PostgresDataPlane } from '../../../packages/local-aws/postgres/data-plane.ts';
import { seedWorkload } from '../../../packages/local-aws/postgres/seed.ts';
import { Workload } from '../../../rehearsal/workload/workload.ts';

/** A rehearsal that goes on until somebody ends it. It prints its folder and processes when everything runs. */
const plane = await PostgresDataPlane.open();
await plane.createDatabase('db-blue', '15.8');
await seedWorkload(plane, 'db-blue', 10);
await plane.pointEndpoint('shop', 'db-blue');
const workload = await Workload.start(plane.endpoint('shop').port, { writers: 2 });
const pids = [plane.database('db-blue').server.pid, workload.pid];
console.log(JSON.stringify({ folder: plane.workspace.folder, pids }));
setInterval(() => {}, 1_000);
