// http-terminator: closes the port, waits for what is in flight, closes connections that are kept.
import { createHttpTerminator } from 'http-terminator';
import { createShop, port } from './shop.js';

const server = createShop();
const terminator = createHttpTerminator({ server });
process.on('SIGTERM', async () => {
  await terminator.terminate();
  process.exit(0);
});
server.listen(port, '127.0.0.1');
