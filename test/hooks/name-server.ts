import { createSocket } from 'node:dgram';
import { freePort } from '../../packages/local-aws/servers/free-port.ts';

/** A name server that answers every question for an IPv4 address with one, which `lead` changes, and every other question with nothing. */
export async function startNameServer(address: string, ttlSeconds: number) {
  let bytes = Buffer.from(address.split('.').map(Number));
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    // The header of 12 bytes is followed by the name, which ends with 0, and the type and class asked for (RFC 1035, section 4).
    const end = message.indexOf(0, 12) + 5;
    const asked = message.subarray(12, end);
    const isForAddress = message.readUInt16BE(end - 4) === 1;
    const header = Buffer.from(message.subarray(0, 12));
    // A recursive, authoritative answer without an error, with one question; nothing besides the answer.
    header.writeUInt16BE(0x8580, 2);
    for (const [place, count] of [1, isForAddress ? 1 : 0, 0, 0].entries())
      header.writeUInt16BE(count, 4 + 2 * place);
    const answer = Buffer.alloc(12);
    for (const [place, word] of [0xc00c, 1, 1].entries()) answer.writeUInt16BE(word, 2 * place);
    answer.writeUInt32BE(ttlSeconds, 6);
    answer.writeUInt16BE(4, 10);
    socket.send(
      Buffer.concat([header, asked, ...(isForAddress ? [answer, bytes] : [])]),
      from.port,
      from.address,
    );
  });
  const port = await freePort();
  await new Promise<void>((ready) => socket.bind(port, '127.0.0.1', ready));
  return {
    port,
    lead(to: string): void {
      bytes = Buffer.from(to.split('.').map(Number));
    },
    close: () => socket.close(),
  };
}
