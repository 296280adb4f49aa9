import { z } from 'zod';
import { contactInput, customer, customerFields, customerInput, customerQuery, customerRow, id, page, versioned } from '../../contracts/index.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import { idParams, refusals } from '../refusals.ts';
import type { Customers } from './customers.service.ts';

const tags = ['customers'];
const read = { access: ['customers.read', 'customers.manage'] } as const;
const manage = { access: ['customers.manage'] } as const;

export const customerChange = versioned(customerFields);
export const contactChange = versioned(contactInput);

export function registerCustomerRoutes(app: HttpApp, customers: Customers): void {
  app.get('/api/customers', {
    config: read,
    schema: {
      tags,
      summary: 'Customers by name, a page at a time; search in names, companies, e-mails and numbers',
      querystring: customerQuery,
      response: { 200: page(customerRow), ...refusals },
    },
    handler: (request) => customers.list(request.query),
  });

  app.post('/api/customers', {
    config: manage,
    schema: { tags, summary: 'Make a customer', body: customerInput, response: { 201: customer, ...refusals } },
    handler: async (request, reply) => reply.status(201).send(await customers.create(viewerOf(request), request.body)),
  });

  app.get('/api/customers/:id', {
    config: read,
    schema: { tags, summary: 'One customer', params: idParams, response: { 200: customer, ...refusals } },
    handler: (request) => customers.get(request.params.id),
  });

  app.patch('/api/customers/:id', {
    config: manage,
    schema: { tags, summary: 'Change a customer: fields left out stay', params: idParams, body: customerChange, response: { 200: customer, ...refusals } },
    handler: (request) => customers.change(viewerOf(request), request.params.id, request.body),
  });

  app.post('/api/customers/:id/contacts', {
    config: manage,
    schema: { tags, summary: 'Add a contact', params: idParams, body: contactInput, response: { 201: customer, ...refusals } },
    handler: async (request, reply) => reply.status(201).send(await customers.addContact(viewerOf(request), request.params.id, request.body)),
  });

  const contactParams = z.object({ id, contactId: id });
  app.patch('/api/customers/:id/contacts/:contactId', {
    config: manage,
    schema: { tags, summary: 'Change a contact: fields left out stay', params: contactParams, body: contactChange, response: { 200: customer, ...refusals } },
    handler: (request) => customers.changeContact(viewerOf(request), request.params.id, request.params.contactId, request.body),
  });

  app.delete('/api/customers/:id/contacts/:contactId', {
    config: manage,
    schema: { tags, summary: 'Remove a contact; its numbers stay with the customer', params: contactParams, response: { 200: customer, ...refusals } },
    handler: (request) => customers.removeContact(viewerOf(request), request.params.id, request.params.contactId),
  });
}
