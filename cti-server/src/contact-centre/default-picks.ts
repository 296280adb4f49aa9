import type { Locale } from '../contracts/index.ts';

/** What agents can pick from on the first day, in the company's language: without a disposition no call could be closed. */
export const defaultPicks: Record<Locale, { reasonCodes: readonly string[]; dispositions: readonly string[] }> = {
  es: {
    reasonCodes: ['Descanso', 'Comida', 'Formación', 'Reunión', 'Trabajo administrativo'],
    dispositions: ['Resuelto', 'Seguimiento necesario', 'Queja', 'Venta', 'Sin interés', 'Número equivocado', 'Llamada cortada'],
  },
  en: {
    reasonCodes: ['Break', 'Lunch', 'Training', 'Meeting', 'Paperwork'],
    dispositions: ['Resolved', 'Follow-up needed', 'Complaint', 'Sale', 'Not interested', 'Wrong number', 'Call dropped'],
  },
  'zh-CN': {
    reasonCodes: ['休息', '用餐', '培训', '会议', '行政工作'],
    dispositions: ['已解决', '需要跟进', '投诉', '成交', '无意向', '打错电话', '通话中断'],
  },
  'zh-TW': {
    reasonCodes: ['休息', '用餐', '培訓', '會議', '行政工作'],
    dispositions: ['已解決', '需要跟進', '投訴', '成交', '無意願', '打錯電話', '通話中斷'],
  },
};
