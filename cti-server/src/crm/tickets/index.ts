export { createTickets, type Tickets } from './tickets.service.ts';
