# Asterisk 22 with its configuration and announcements. Node is only there to install and render with the same code as outside of Docker.
FROM node:24-bookworm-slim
WORKDIR /app
COPY package.json ./
COPY asterisk-config/install asterisk-config/install
COPY asterisk-config/prompts asterisk-config/prompts
COPY docker/asterisk.ts docker/
# The one piece of the server that also speaks the announcements.
COPY cti-server/src/telephony/sound.ts cti-server/src/telephony/
RUN node docker/asterisk.ts install
# After the long step: a changed configuration does not repeat it.
COPY asterisk-config/etc asterisk-config/etc
RUN mkdir -p /var/lib/centralita && chown node:node /var/lib/centralita
USER node
# Accounts of browsers and desk phones, recordings, and the operator's trunks.
VOLUME /var/lib/centralita
EXPOSE 8088/tcp 5060/udp
CMD ["node", "docker/asterisk.ts"]
