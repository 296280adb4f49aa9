export { type CallerMatch, createCustomers, type Customers, type PopOptions } from './customers.service.ts';
