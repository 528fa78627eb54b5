/** Loads a file as Lambda does at a cold start, and prints what that took: wall time and CPU time in milliseconds. */
const file = process.argv[2];
const cpuBefore = process.cpuUsage();
const begun = performance.now();
require(file);
const wall = performance.now() - begun;
const cpu = process.cpuUsage(cpuBefore);
process.stdout.write(JSON.stringify({ wall, cpu: (cpu.user + cpu.system) / 1000 }));
