# Dependencies are installed by the same Node that runs them. The one script among them fetches a Node, which is here.
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts
# What the bundle holds leaves its licences here: whole are only those that find native code or WebAssembly beside themselves.
RUN find node_modules -type f -not -path '*/@duckdb/*' -not -path '*/detect-libc/*' -not -path '*/@polyglot-sql/*' \
    -not -name package.json -not -iname '*licen[cs]e*' -not -iname 'notice*' -delete \
  && rm -r node_modules/.bin && find node_modules -type d -empty -delete

# Starts in half the time of the sources: docs/decisions/0019-the-container-runs-a-bundle.md.
FROM node:24-slim AS bundle
WORKDIR /app
COPY package.json package-lock.json .npmrc rolldown.config.ts ./
RUN npm ci --ignore-scripts
COPY src ./src
RUN npm run build

FROM node:24-slim
ENV NODE_ENV=production \
    GUARDRAIL_LISTEN=0.0.0.0:8080 \
    GUARDRAIL_OPS_LISTEN=0.0.0.0:8081 \
    GUARDRAIL_POLICIES=/policies \
    GUARDRAIL_LEDGER=sqlite:/ledger/ledger.db \
    GUARDRAIL_LEDGER_SPOOL=/ledger/spool.jsonl
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=bundle /app/dist ./dist
COPY package.json ./
RUN mkdir /ledger /policies && chown node:node /ledger
# By number, so that Kubernetes can see that it is not root.
USER 1000:1000
VOLUME ["/ledger", "/policies"]
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "dist/main.js", "health"]
# Room for young objects: docs/decisions/0018-chunks-of-an-answer-are-given-back.md.
CMD ["node", "--max-semi-space-size=8", "dist/main.js", "serve"]
