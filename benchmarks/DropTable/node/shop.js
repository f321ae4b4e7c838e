// The same shop as the .NET services of the table, on node's own server.
import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

const work = 30;

/** @param intercept answers a request itself and returns true, or leaves it to the shop */
export function createShop(intercept = () => false) {
  return http.createServer(async (request, response) => {
    if (intercept(request, response)) return;
    if (request.url === '/health/ready') return answer(response, 'Healthy');
    let id = request.url.slice('/orders/'.length);
    if (request.method === 'POST') {
      id = '';
      for await (const part of request) id += part;
      response.statusCode = 201;
    }
    await wait(work);
    answer(response, `order ${id}`);
  });
}

// Its length is told: to a proxy that speaks HTTP/1.0, node would say nothing of it.
export function answer(response, text) {
  response.setHeader('content-length', Buffer.byteLength(text));
  response.end(text);
}

export const port = Number(process.env.PORT);
export const delay = 1000 * Number(process.env.SHUTDOWN_DRAIN_DELAY);
