import { once } from 'node:events';
import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { reportUrl } from '../measure/server-process.ts';

/*
 * Run as a process: `bare-proxy.ts UPSTREAM`. The libraries that the guardrail proxies with, and nothing else: it
 * passes all on as it is.
 */
const [target = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
const app = express();
app.use(createProxyMiddleware({ target, changeOrigin: true, agent }));
const server = createServer(app);
server.keepAliveTimeout = 75_000;
server.listen(0, '127.0.0.1');
await once(server, 'listening');
reportUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
