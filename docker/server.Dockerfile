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
# Speaks the prompts of call flows.
RUN apt-get update && apt-get install -y --no-install-recommends espeak-ng && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/agent-console/build agent-console/build
# From there and not from here: npm puts a package into a workspace's own folder when two versions of it are needed.
COPY --from=build /app/cti-server cti-server
COPY --from=build /app/dialer dialer
COPY --from=build /app/recordings recordings
COPY package.json ./
ENV NODE_COMPILE_CACHE=/app/.compiled
RUN mkdir -p .compiled /var/lib/centralita-sounds && chown node:node .compiled /var/lib/centralita-sounds
USER node
# Each part once without settings, which it refuses with 78: whatever is missing in the image shows here, and later starts find it compiled.
RUN for part in cti-server dialer recordings; do node $part/src/main.ts 2>/dev/null; test $? -eq 78 || { node $part/src/main.ts; exit 1; }; done
CMD ["node", "cti-server/src/main.ts"]
