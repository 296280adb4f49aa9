export { ticketDeclaration } from './ticket.declaration.ts';
export { createTickets, type Tickets } from './tickets.service.ts';
