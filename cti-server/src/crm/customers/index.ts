export { contactDeclaration, customerDeclaration } from './customer.declaration.ts';
export { type CallerMatch, createCustomers, type Customers, type PopOptions } from './customers.service.ts';
export type { MayCall } from './may-call.service.ts';
export { countPhones, deletePhone, insertPhone } from './contact-points.store.ts';
