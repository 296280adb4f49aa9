/** What the lists of calls and states are called, in the four languages of the console. */
import { agentStateName, callDirection, callOutcome, type Labels, type PickOption } from '../../contracts/index.ts';

export const labels = (es: string, en: string, cn: string, tw: string): Labels => ({ es, en, 'zh-CN': cn, 'zh-TW': tw });
/** A name that somebody of the company gave is the same in each language. */
export const nameOption = (value: string, name: string): PickOption => ({ value, label: labels(name, name, name, name), retired: false });

/** The values of the contract, each with its words. */
const optionsOf = (values: readonly string[], words: Readonly<Record<string, Labels>>): PickOption[] => values.map((value) => ({ value, label: words[value] ?? labels(value, value, value, value), retired: false }));

/** How a call ended. One that these words do not know yet shows by its own name. */
const outcomes: Readonly<Record<string, Labels>> = {
  answered: labels('Atendida', 'Answered', '已接听', '已接聽'),
  abandoned: labels('Abandonada', 'Abandoned', '已放弃', '已放棄'),
  shortAbandoned: labels('Abandonada enseguida', 'Abandoned at once', '短时放弃', '短時放棄'),
  flowedOut: labels('Esperó demasiado', 'Waited too long', '等待超时', '等待逾時'),
  abandonedBeforeQueue: labels('Colgó antes de la cola', 'Hung up before the queue', '入队前挂断', '進佇列前掛斷'),
  servedByFlow: labels('Atendida por el menú', 'Served by the flow', '由语音流程处理', '由語音流程處理'),
  callbackTaken: labels('Pidió que le llamen', 'Asked to be called back', '已要求回电', '已要求回電'),
  notInService: labels('Número sin servicio', 'Number not in service', '号码未启用', '號碼未啟用'),
  busy: labels('Comunicaba', 'Busy', '忙线', '忙線'),
  noAnswer: labels('Sin respuesta', 'No answer', '无人接听', '無人接聽'),
  rejected: labels('Rechazada', 'Rejected', '被拒接', '被拒接'),
  unreachable: labels('No localizable', 'Unreachable', '无法接通', '無法接通'),
  cancelled: labels('Cancelada', 'Cancelled', '已取消', '已取消'),
  failed: labels('No se pudo llamar', 'Could not be placed', '呼叫失败', '撥打失敗'),
  voicemail: labels('Buzón de voz', 'Voicemail', '语音留言', '語音留言'),
};
export const outcomeOptions = optionsOf(callOutcome.options, outcomes);

const directions: Readonly<Record<string, Labels>> = {
  inbound: labels('Entrante', 'Inbound', '呼入', '撥入'),
  outbound: labels('Saliente', 'Outbound', '呼出', '撥出'),
  internal: labels('Interna', 'Internal', '内部', '內部'),
};
export const directionOptions = optionsOf(callDirection.options, directions);
export const endedByOptions: readonly PickOption[] = [
  { value: 'customer', label: labels('El cliente', 'The customer', '客户', '客戶'), retired: false },
  { value: 'agent', label: labels('El agente', 'The agent', '坐席', '客服人員'), retired: false },
  { value: 'system', label: labels('El sistema', 'The system', '系统', '系統'), retired: false },
];

const states: Readonly<Record<string, Labels>> = {
  offline: labels('Desconectado', 'Offline', '离线', '離線'),
  ready: labels('Disponible', 'Ready', '就绪', '就緒'),
  notReady: labels('No disponible', 'Not ready', '未就绪', '未就緒'),
  ringing: labels('Sonando', 'Ringing', '振铃', '響鈴'),
  onCall: labels('En llamada', 'On a call', '通话中', '通話中'),
  wrapUp: labels('Tipificando', 'Wrap-up', '话后处理', '話後處理'),
  missed: labels('Perdida', 'Missed', '未接', '未接'),
};
export const stateOptions = optionsOf(agentStateName.options, states);
