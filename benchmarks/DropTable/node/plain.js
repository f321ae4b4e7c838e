// The plain pattern: 503 to everything from the signal on, and out when the last connection has gone.
import { answer, createShop, port } from './shop.js';

let stopping = false;
const server = createShop((request, response) => {
  if (!stopping) return false;
  response.statusCode = 503;
  response.setHeader('connection', 'close');
  answer(response, 'The server is shutting down');
  return true;
});
process.on('SIGTERM', () => {
  stopping = true;
  server.close(() => process.exit(0));
  setTimeout(() => process.exit(1), 30_000).unref();
});
server.listen(port, '127.0.0.1');
