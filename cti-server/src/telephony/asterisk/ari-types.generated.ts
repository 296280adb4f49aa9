// Made by generate-types.ts from the rest-api/*.json files that Asterisk 22 brings along. Do not edit: run it again.

export interface Application {
  name: string;
  channel_ids: string[];
  bridge_ids: string[];
  endpoint_ids: string[];
  device_names: string[];
  events_allowed: Record<string, unknown>[];
  events_disallowed: Record<string, unknown>[];
}

export interface BuildInfo {
  os: string;
  kernel: string;
  options: string;
  machine: string;
  date: string;
  user: string;
}

export interface SystemInfo {
  version: string;
  entity_id: string;
}

export interface SetId {
  user: string;
  group: string;
}

export interface ConfigInfo {
  name: string;
  default_language: string;
  max_channels?: number;
  max_open_files?: number;
  max_load?: number;
  setid: SetId;
}

export interface StatusInfo {
  startup_time: string;
  last_reload_time: string;
}

export interface AsteriskInfo {
  build?: BuildInfo;
  system?: SystemInfo;
  config?: ConfigInfo;
  status?: StatusInfo;
}

export interface AsteriskPing {
  asterisk_id: string;
  ping: string;
  timestamp: string;
}

export interface Module {
  name: string;
  description: string;
  use_count: number;
  status: string;
  support_level: string;
}

export interface LogChannel {
  channel: string;
  type: string;
  status: string;
  configuration: string;
}

export interface Variable {
  value: string;
}

export interface Variables {
  variables: Record<string, unknown>;
}

export interface ConfigTuple {
  attribute: string;
  value: string;
}

export interface Bridge {
  id: string;
  technology: string;
  bridge_type: string;
  bridge_class: string;
  creator: string;
  name: string;
  channels: string[];
  video_mode?: string;
  video_source_id?: string;
  creationtime: string;
  bridgevars?: Record<string, unknown>;
}

export interface Dialed {

}

export interface DialplanCEP {
  context: string;
  exten: string;
  priority: number;
  app_name: string;
  app_data: string;
}

export interface CallerID {
  name: string;
  number: string;
}

export interface RTPstat {
  txcount: number;
  rxcount: number;
  txjitter?: number;
  rxjitter?: number;
  remote_maxjitter?: number;
  remote_minjitter?: number;
  remote_normdevjitter?: number;
  remote_stdevjitter?: number;
  local_maxjitter?: number;
  local_minjitter?: number;
  local_normdevjitter?: number;
  local_stdevjitter?: number;
  txploss: number;
  rxploss: number;
  remote_maxrxploss?: number;
  remote_minrxploss?: number;
  remote_normdevrxploss?: number;
  remote_stdevrxploss?: number;
  local_maxrxploss?: number;
  local_minrxploss?: number;
  local_normdevrxploss?: number;
  local_stdevrxploss?: number;
  rtt?: number;
  maxrtt?: number;
  minrtt?: number;
  normdevrtt?: number;
  stdevrtt?: number;
  local_ssrc: number;
  remote_ssrc: number;
  txoctetcount: number;
  rxoctetcount: number;
  channel_uniqueid: string;
}

export interface Channel {
  id: string;
  protocol_id: string;
  name: string;
  state: string;
  caller: CallerID;
  connected: CallerID;
  accountcode: string;
  dialplan: DialplanCEP;
  creationtime: string;
  language: string;
  channelvars?: Record<string, unknown>;
  caller_rdnis?: string;
  tenantid?: string;
}

export interface DeviceState {
  name: string;
  state: string;
}

export interface Endpoint {
  technology: string;
  resource: string;
  state?: string;
  channel_ids: string[];
}

export interface TextMessage {
  from: string;
  to: string;
  body: string;
  variables?: Record<string, unknown>;
}

export interface Message {
  type: string;
  asterisk_id?: string;
}

export interface MissingParams {
  params: string[];
}

export interface Event {
  application: string;
  timestamp: string;
}

export interface ContactInfo {
  uri: string;
  contact_status: string;
  aor: string;
  roundtrip_usec?: string;
}

export interface Peer {
  peer_status: string;
  cause?: string;
  address?: string;
  port?: string;
  time?: string;
}

export interface DeviceStateChanged {
  device_state: DeviceState;
}

export interface PlaybackStarted {
  playback: Playback;
}

export interface PlaybackContinuing {
  playback: Playback;
}

export interface PlaybackFinished {
  playback: Playback;
}

export interface RecordingStarted {
  recording: LiveRecording;
}

export interface RecordingFinished {
  recording: LiveRecording;
}

export interface RecordingFailed {
  recording: LiveRecording;
}

export interface ApplicationMoveFailed {
  channel: Channel;
  destination: string;
  args: string[];
}

export interface ApplicationRegistered {

}

export interface ApplicationUnregistered {

}

export interface ApplicationReplaced {

}

export interface BridgeCreated {
  bridge: Bridge;
}

export interface BridgeDestroyed {
  bridge: Bridge;
}

export interface BridgeMerged {
  bridge: Bridge;
  bridge_from: Bridge;
}

export interface BridgeVideoSourceChanged {
  bridge: Bridge;
  old_video_source_id?: string;
}

export interface BridgeBlindTransfer {
  channel: Channel;
  replace_channel?: Channel;
  transferee?: Channel;
  exten: string;
  context: string;
  result: string;
  is_external: boolean;
  bridge?: Bridge;
}

export interface BridgeAttendedTransfer {
  transferer_first_leg: Channel;
  transferer_second_leg: Channel;
  replace_channel?: Channel;
  transferee?: Channel;
  transfer_target?: Channel;
  result: string;
  is_external: boolean;
  transferer_first_leg_bridge?: Bridge;
  transferer_second_leg_bridge?: Bridge;
  destination_type: string;
  destination_bridge?: string;
  destination_application?: string;
  destination_link_first_leg?: Channel;
  destination_link_second_leg?: Channel;
  destination_threeway_channel?: Channel;
  destination_threeway_bridge?: Bridge;
}

export interface ChannelCreated {
  channel: Channel;
}

export interface ChannelDestroyed {
  cause: number;
  cause_txt: string;
  tech_cause?: number;
  channel: Channel;
}

export interface ChannelEnteredBridge {
  bridge: Bridge;
  channel?: Channel;
}

export interface ChannelLeftBridge {
  bridge: Bridge;
  channel: Channel;
}

export interface ChannelStateChange {
  channel: Channel;
}

export interface ChannelDtmfReceived {
  digit: string;
  duration_ms: number;
  channel: Channel;
}

export interface ChannelDialplan {
  channel: Channel;
  dialplan_app: string;
  dialplan_app_data: string;
}

export interface ChannelCallerId {
  caller_presentation: number;
  caller_presentation_txt: string;
  channel: Channel;
}

export interface ChannelUserevent {
  eventname: string;
  channel?: Channel;
  bridge?: Bridge;
  endpoint?: Endpoint;
  userevent: Record<string, unknown>;
}

export interface ChannelHangupRequest {
  cause?: number;
  tech_cause?: number;
  soft?: boolean;
  channel: Channel;
}

export interface ChannelVarset {
  variable: string;
  value: string;
  channel?: Channel;
}

export interface ChannelHold {
  channel: Channel;
  musicclass?: string;
}

export interface ChannelUnhold {
  channel: Channel;
}

export interface ChannelToneDetected {
  channel: Channel;
}

export interface ChannelTalkingStarted {
  channel: Channel;
}

export interface ChannelTalkingFinished {
  channel: Channel;
  duration: number;
}

export interface ContactStatusChange {
  endpoint: Endpoint;
  contact_info: ContactInfo;
}

export interface PeerStatusChange {
  endpoint: Endpoint;
  peer: Peer;
}

export interface EndpointStateChange {
  endpoint: Endpoint;
}

export interface Dial {
  caller?: Channel;
  peer: Channel;
  forward?: string;
  forwarded?: Channel;
  dialstring?: string;
  dialstatus: string;
}

export interface StasisEnd {
  channel: Channel;
}

export interface StasisStart {
  args: string[];
  channel: Channel;
  replace_channel?: Channel;
}

export interface TextMessageReceived {
  message: TextMessage;
  endpoint?: Endpoint;
}

export interface ChannelConnectedLine {
  channel: Channel;
}

export interface ChannelTransfer {
  state?: string;
  refer_to: ReferTo;
  referred_by: ReferredBy;
}

export interface ReferTo {
  requested_destination: RequiredDestination;
  destination_channel?: Channel;
  connected_channel?: Channel;
  bridge?: Bridge;
}

export interface ReferredBy {
  source_channel: Channel;
  connected_channel?: Channel;
  bridge?: Bridge;
}

export interface RequiredDestination {
  protocol_id?: string;
  destination?: string;
  additional_protocol_params?: AdditionalParam[];
}

export interface AdditionalParam {
  parameter_name: string;
  parameter_value: string;
}

export interface RESTHeader {
  name: string;
  value: string;
}

export interface RESTQueryStringParameter {
  name: string;
  value: string;
}

export interface RESTRequest {
  type: string;
  transaction_id: string;
  request_id: string;
  method: string;
  uri: string;
  content_type?: string;
  query_strings?: RESTQueryStringParameter[];
  message_body?: string;
}

export interface RESTResponse {
  transaction_id: string;
  request_id: string;
  status_code: number;
  reason_phrase: string;
  uri: string;
  content_type?: string;
  message_body?: string;
}

export interface CallBroadcast {
  channel: Channel;
  caller?: string;
  called?: string;
}

export interface CallClaimed {
  channel: Channel;
  winner_app: string;
}

export interface Playback {
  id: string;
  media_uri: string;
  next_media_uri?: string;
  target_uri: string;
  language?: string;
  state: string;
}

export interface StoredRecording {
  name: string;
  format: string;
}

export interface LiveRecording {
  name: string;
  format: string;
  target_uri: string;
  state: string;
  duration?: number;
  talking_duration?: number;
  silence_duration?: number;
  cause?: string;
}

/** Every request, by method and path: what goes where, and what comes back. */
export interface Operations {
  'GET /applications': { path: Record<never, never>; query: Record<never, never>; body: Record<never, never>; answer: Application[] };
  'GET /applications/{applicationName}': { path: { applicationName: string }; query: Record<never, never>; body: Record<never, never>; answer: Application };
  'POST /applications/{applicationName}/subscription': { path: { applicationName: string }; query: { eventSource: string | string[] }; body: Record<never, never>; answer: Application };
  'DELETE /applications/{applicationName}/subscription': { path: { applicationName: string }; query: { eventSource: string | string[] }; body: Record<never, never>; answer: Application };
  'PUT /applications/{applicationName}/eventFilter': { path: { applicationName: string }; query: Record<never, never>; body: { filter?: Record<string, unknown> }; answer: Application };
  'GET /asterisk/config/dynamic/{configClass}/{objectType}/{id}': { path: { configClass: string; objectType: string; id: string }; query: Record<never, never>; body: Record<never, never>; answer: ConfigTuple[] };
  'PUT /asterisk/config/dynamic/{configClass}/{objectType}/{id}': { path: { configClass: string; objectType: string; id: string }; query: Record<never, never>; body: { fields?: unknown }; answer: ConfigTuple[] };
  'DELETE /asterisk/config/dynamic/{configClass}/{objectType}/{id}': { path: { configClass: string; objectType: string; id: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'GET /asterisk/info': { path: Record<never, never>; query: { only?: string | string[] }; body: Record<never, never>; answer: AsteriskInfo };
  'GET /asterisk/ping': { path: Record<never, never>; query: Record<never, never>; body: Record<never, never>; answer: AsteriskPing };
  'GET /asterisk/modules': { path: Record<never, never>; query: Record<never, never>; body: Record<never, never>; answer: Module[] };
  'GET /asterisk/modules/{moduleName}': { path: { moduleName: string }; query: Record<never, never>; body: Record<never, never>; answer: Module };
  'POST /asterisk/modules/{moduleName}': { path: { moduleName: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'DELETE /asterisk/modules/{moduleName}': { path: { moduleName: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'PUT /asterisk/modules/{moduleName}': { path: { moduleName: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'GET /asterisk/logging': { path: Record<never, never>; query: Record<never, never>; body: Record<never, never>; answer: LogChannel[] };
  'POST /asterisk/logging/{logChannelName}': { path: { logChannelName: string }; query: { configuration: string }; body: Record<never, never>; answer: undefined };
  'DELETE /asterisk/logging/{logChannelName}': { path: { logChannelName: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'PUT /asterisk/logging/{logChannelName}/rotate': { path: { logChannelName: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'GET /asterisk/variable': { path: Record<never, never>; query: { variable: string }; body: Record<never, never>; answer: Variable };
  'POST /asterisk/variable': { path: Record<never, never>; query: { variable: string; value?: string }; body: Record<never, never>; answer: undefined };
  'GET /bridges': { path: Record<never, never>; query: Record<never, never>; body: Record<never, never>; answer: Bridge[] };
  'POST /bridges': { path: Record<never, never>; query: { type?: string; bridgeId?: string; name?: string }; body: { variables?: unknown }; answer: Bridge };
  'POST /bridges/{bridgeId}': { path: { bridgeId: string }; query: { type?: string; name?: string }; body: { variables?: unknown }; answer: Bridge };
  'GET /bridges/{bridgeId}': { path: { bridgeId: string }; query: Record<never, never>; body: Record<never, never>; answer: Bridge };
  'DELETE /bridges/{bridgeId}': { path: { bridgeId: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'GET /bridges/{bridgeId}/variable': { path: { bridgeId: string }; query: { variable: string }; body: Record<never, never>; answer: Variable };
  'POST /bridges/{bridgeId}/variable': { path: { bridgeId: string }; query: { variable: string; value?: string; report_events?: boolean }; body: Record<never, never>; answer: undefined };
  'GET /bridges/{bridgeId}/variables': { path: { bridgeId: string }; query: { variables: string | string[] }; body: Record<never, never>; answer: Variables };
  'POST /bridges/{bridgeId}/variables': { path: { bridgeId: string }; query: Record<never, never>; body: { variables: unknown }; answer: undefined };
  'POST /bridges/{bridgeId}/addChannel': { path: { bridgeId: string }; query: { channel: string | string[]; role?: string; absorbDTMF?: boolean; mute?: boolean; inhibitConnectedLineUpdates?: boolean }; body: Record<never, never>; answer: undefined };
  'POST /bridges/{bridgeId}/removeChannel': { path: { bridgeId: string }; query: { channel: string | string[] }; body: Record<never, never>; answer: undefined };
  'POST /bridges/{bridgeId}/videoSource/{channelId}': { path: { bridgeId: string; channelId: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'DELETE /bridges/{bridgeId}/videoSource': { path: { bridgeId: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'POST /bridges/{bridgeId}/moh': { path: { bridgeId: string }; query: { mohClass?: string }; body: Record<never, never>; answer: undefined };
  'DELETE /bridges/{bridgeId}/moh': { path: { bridgeId: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'POST /bridges/{bridgeId}/play': { path: { bridgeId: string }; query: { media: string | string[]; announcer_format?: string; lang?: string; offsetms?: number; skipms?: number; playbackId?: string }; body: Record<never, never>; answer: Playback };
  'POST /bridges/{bridgeId}/play/{playbackId}': { path: { bridgeId: string; playbackId: string }; query: { media: string | string[]; announcer_format?: string; lang?: string; offsetms?: number; skipms?: number }; body: Record<never, never>; answer: Playback };
  'POST /bridges/{bridgeId}/record': { path: { bridgeId: string }; query: { name: string; format: string; recorder_format?: string; maxDurationSeconds?: number; maxSilenceSeconds?: number; ifExists?: string; beep?: boolean; terminateOn?: string }; body: Record<never, never>; answer: LiveRecording };
  'GET /channels': { path: Record<never, never>; query: Record<never, never>; body: Record<never, never>; answer: Channel[] };
  'POST /channels': { path: Record<never, never>; query: { endpoint: string; extension?: string; context?: string; priority?: number; label?: string; app?: string; appArgs?: string; callerId?: string; timeout?: number; channelId?: string; otherChannelId?: string; originator?: string; formats?: string }; body: { variables?: unknown }; answer: Channel };
  'POST /channels/create': { path: Record<never, never>; query: { endpoint: string; app: string; appArgs?: string; channelId?: string; otherChannelId?: string; originator?: string; formats?: string }; body: { variables?: unknown }; answer: Channel };
  'GET /channels/{channelId}': { path: { channelId: string }; query: Record<never, never>; body: Record<never, never>; answer: Channel };
  'POST /channels/{channelId}': { path: { channelId: string }; query: { endpoint: string; extension?: string; context?: string; priority?: number; label?: string; app?: string; appArgs?: string; callerId?: string; timeout?: number; otherChannelId?: string; originator?: string; formats?: string }; body: { variables?: unknown }; answer: Channel };
  'DELETE /channels/{channelId}': { path: { channelId: string }; query: { reason_code?: string; reason?: string }; body: Record<never, never>; answer: undefined };
  'POST /channels/{channelId}/continue': { path: { channelId: string }; query: { context?: string; extension?: string; priority?: number; label?: string }; body: Record<never, never>; answer: undefined };
  'POST /channels/{channelId}/move': { path: { channelId: string }; query: { app: string; appArgs?: string }; body: Record<never, never>; answer: undefined };
  'POST /channels/{channelId}/redirect': { path: { channelId: string }; query: { endpoint: string }; body: Record<never, never>; answer: undefined };
  'POST /channels/{channelId}/answer': { path: { channelId: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'POST /channels/{channelId}/ring': { path: { channelId: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'DELETE /channels/{channelId}/ring': { path: { channelId: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'POST /channels/{channelId}/progress': { path: { channelId: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'POST /channels/{channelId}/dtmf': { path: { channelId: string }; query: { dtmf?: string; before?: number; between?: number; duration?: number; after?: number }; body: Record<never, never>; answer: undefined };
  'POST /channels/{channelId}/mute': { path: { channelId: string }; query: { direction?: string }; body: Record<never, never>; answer: undefined };
  'DELETE /channels/{channelId}/mute': { path: { channelId: string }; query: { direction?: string }; body: Record<never, never>; answer: undefined };
  'POST /channels/{channelId}/hold': { path: { channelId: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'DELETE /channels/{channelId}/hold': { path: { channelId: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'POST /channels/{channelId}/moh': { path: { channelId: string }; query: { mohClass?: string }; body: Record<never, never>; answer: undefined };
  'DELETE /channels/{channelId}/moh': { path: { channelId: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'POST /channels/{channelId}/silence': { path: { channelId: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'DELETE /channels/{channelId}/silence': { path: { channelId: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'POST /channels/{channelId}/play': { path: { channelId: string }; query: { media: string | string[]; lang?: string; offsetms?: number; skipms?: number; playbackId?: string }; body: Record<never, never>; answer: Playback };
  'POST /channels/{channelId}/play/{playbackId}': { path: { channelId: string; playbackId: string }; query: { media: string | string[]; lang?: string; offsetms?: number; skipms?: number }; body: Record<never, never>; answer: Playback };
  'POST /channels/{channelId}/record': { path: { channelId: string }; query: { name: string; format: string; maxDurationSeconds?: number; maxSilenceSeconds?: number; ifExists?: string; beep?: boolean; terminateOn?: string }; body: Record<never, never>; answer: LiveRecording };
  'GET /channels/{channelId}/variable': { path: { channelId: string }; query: { variable: string }; body: Record<never, never>; answer: Variable };
  'POST /channels/{channelId}/variable': { path: { channelId: string }; query: { variable: string; value?: string; report_events?: boolean }; body: Record<never, never>; answer: undefined };
  'GET /channels/{channelId}/variables': { path: { channelId: string }; query: { variables: string | string[] }; body: Record<never, never>; answer: Variables };
  'POST /channels/{channelId}/variables': { path: { channelId: string }; query: Record<never, never>; body: { variables: unknown }; answer: undefined };
  'POST /channels/{channelId}/snoop': { path: { channelId: string }; query: { spy?: string; whisper?: string; app: string; appArgs?: string; snoopId?: string }; body: Record<never, never>; answer: Channel };
  'POST /channels/{channelId}/snoop/{snoopId}': { path: { channelId: string; snoopId: string }; query: { spy?: string; whisper?: string; app: string; appArgs?: string }; body: Record<never, never>; answer: Channel };
  'POST /channels/{channelId}/dial': { path: { channelId: string }; query: { caller?: string; timeout?: number }; body: Record<never, never>; answer: undefined };
  'GET /channels/{channelId}/rtp_statistics': { path: { channelId: string }; query: Record<never, never>; body: Record<never, never>; answer: RTPstat };
  'POST /channels/externalMedia': { path: Record<never, never>; query: { channelId?: string; app: string; external_host?: string; encapsulation?: string; transport?: string; connection_type?: string; format: string; direction?: string; data?: string; transport_data?: string }; body: { variables?: unknown }; answer: Channel };
  'POST /channels/{channelId}/transfer_progress': { path: { channelId: string }; query: { states: string }; body: Record<never, never>; answer: undefined };
  'GET /deviceStates': { path: Record<never, never>; query: Record<never, never>; body: Record<never, never>; answer: DeviceState[] };
  'GET /deviceStates/{deviceName}': { path: { deviceName: string }; query: Record<never, never>; body: Record<never, never>; answer: DeviceState };
  'PUT /deviceStates/{deviceName}': { path: { deviceName: string }; query: { deviceState: string }; body: Record<never, never>; answer: undefined };
  'DELETE /deviceStates/{deviceName}': { path: { deviceName: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'GET /endpoints': { path: Record<never, never>; query: Record<never, never>; body: Record<never, never>; answer: Endpoint[] };
  'PUT /endpoints/sendMessage': { path: Record<never, never>; query: { to: string; from: string; body?: string }; body: { variables?: unknown }; answer: undefined };
  'POST /endpoints/refer': { path: Record<never, never>; query: { to: string; from: string; refer_to: string; to_self?: boolean }; body: { variables?: unknown }; answer: undefined };
  'GET /endpoints/{tech}': { path: { tech: string }; query: Record<never, never>; body: Record<never, never>; answer: Endpoint[] };
  'GET /endpoints/{tech}/{resource}': { path: { tech: string; resource: string }; query: Record<never, never>; body: Record<never, never>; answer: Endpoint };
  'PUT /endpoints/{tech}/{resource}/sendMessage': { path: { tech: string; resource: string }; query: { from: string; body?: string }; body: { variables?: unknown }; answer: undefined };
  'POST /endpoints/{tech}/{resource}/refer': { path: { tech: string; resource: string }; query: { from: string; refer_to: string; to_self?: boolean }; body: { variables?: unknown }; answer: undefined };
  'GET /events': { path: Record<never, never>; query: { app: string | string[]; subscribeAll?: boolean }; body: Record<never, never>; answer: Message };
  'POST /events/user/{eventName}': { path: { eventName: string }; query: { application: string; source?: string | string[] }; body: { variables?: unknown }; answer: undefined };
  'POST /events/claim': { path: Record<never, never>; query: { channelId: string; application: string }; body: Record<never, never>; answer: undefined };
  'GET /playbacks/{playbackId}': { path: { playbackId: string }; query: Record<never, never>; body: Record<never, never>; answer: Playback };
  'DELETE /playbacks/{playbackId}': { path: { playbackId: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'POST /playbacks/{playbackId}/control': { path: { playbackId: string }; query: { operation: string }; body: Record<never, never>; answer: undefined };
  'GET /recordings/stored': { path: Record<never, never>; query: Record<never, never>; body: Record<never, never>; answer: StoredRecording[] };
  'GET /recordings/stored/{recordingName}': { path: { recordingName: string }; query: Record<never, never>; body: Record<never, never>; answer: StoredRecording };
  'DELETE /recordings/stored/{recordingName}': { path: { recordingName: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'GET /recordings/stored/{recordingName}/file': { path: { recordingName: string }; query: Record<never, never>; body: Record<never, never>; answer: unknown };
  'POST /recordings/stored/{recordingName}/copy': { path: { recordingName: string }; query: { destinationRecordingName: string }; body: Record<never, never>; answer: StoredRecording };
  'GET /recordings/live/{recordingName}': { path: { recordingName: string }; query: Record<never, never>; body: Record<never, never>; answer: LiveRecording };
  'DELETE /recordings/live/{recordingName}': { path: { recordingName: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'POST /recordings/live/{recordingName}/stop': { path: { recordingName: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'POST /recordings/live/{recordingName}/pause': { path: { recordingName: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'DELETE /recordings/live/{recordingName}/pause': { path: { recordingName: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'POST /recordings/live/{recordingName}/mute': { path: { recordingName: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
  'DELETE /recordings/live/{recordingName}/mute': { path: { recordingName: string }; query: Record<never, never>; body: Record<never, never>; answer: undefined };
}
