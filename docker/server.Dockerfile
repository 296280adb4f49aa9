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

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/agent-console/build agent-console/build
COPY package.json ./
COPY cti-server cti-server
COPY dialer dialer
COPY recordings recordings
USER node
CMD ["node", "cti-server/src/main.ts"]
