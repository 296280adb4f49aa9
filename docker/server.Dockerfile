# cti-server with the built console, dialer and recordings: one image, three commands.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY cti-server/package.json cti-server/
COPY agent-console/package.json agent-console/
COPY dialer/package.json dialer/
COPY recordings/package.json recordings/
COPY launcher/package.json launcher/
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY cti-server cti-server
COPY agent-console agent-console
RUN npm run build -w @centralita/agent-console
# Only what runs stays: no build tools, no second Node, no embedded Postgres.
RUN npm ci --no-audit --no-fund --omit=dev -w @centralita/cti-server -w @centralita/dialer -w @centralita/recordings
COPY dialer dialer
COPY recordings recordings

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/agent-console/build agent-console/build
# From there and not from here: npm puts a package into a workspace's own folder when two versions of it are needed.
COPY --from=build /app/cti-server cti-server
COPY --from=build /app/dialer dialer
COPY --from=build /app/recordings recordings
COPY package.json ./
USER node
CMD ["node", "cti-server/src/main.ts"]
