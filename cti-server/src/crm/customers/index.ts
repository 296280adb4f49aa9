export { contactDeclaration, customerDeclaration } from './customer.declaration.ts';
export { type CallerMatch, createCustomers, type Customers, type PopOptions } from './customers.service.ts';
export { countPhones, deletePhone, insertPhone } from './customers.store.ts';
