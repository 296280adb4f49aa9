export * from './access.ts';
export * from './callbacks.ts';
export * from './contact-centre.ts';
export * from './crm.ts';
export * from './flows.ts';
export * from './leads.ts';
export * from './imports.ts';
export * from './records.ts';
