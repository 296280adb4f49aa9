import { z } from 'zod';
import { addressChange, addressInput, customer, emailChange, emailInput, id, mayCallAnswer, mayCallQuery, phoneChange, phoneInput } from '../../contracts/index.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import { idParams, refusals, wrongField } from '../refusals.ts';
import type { ContactPoints } from './contact-points.service.ts';
import type { MayCall } from './may-call.service.ts';

const manage = { access: ['customers.manage'] } as const;
const response = { 200: customer, ...refusals };
const tags = ['customers'];

export function registerContactPointRoutes(app: HttpApp, points: ContactPoints, mayCall: MayCall): void {
  const phone = z.object({ id, phoneId: id });
  const email = z.object({ id, emailId: id });
  const address = z.object({ id, addressId: id });

  app.get('/api/may-call', {
    config: { access: ['customers.read', 'customers.manage', 'calls.take'] },
    schema: { tags, summary: 'Whether a number, or a customer, may be called, with every reason why not', querystring: mayCallQuery, response: { 200: mayCallAnswer, ...refusals } },
    handler: (request) => {
      const { number, customerId } = request.query;
      if (number === undefined && customerId === undefined) throw wrongField('number', 'a number or a customer is needed');
      return mayCall.mayCall({ number, customerId });
    },
  });

  app.post('/api/customers/:id/phones', {
    config: manage,
    schema: { tags, summary: 'Add a number, in any spelling', params: idParams, body: phoneInput, response: { 201: customer, ...refusals } },
    handler: async (request, reply) => reply.status(201).send(await points.addPhone(viewerOf(request), request.params.id, request.body)),
  });
  app.patch('/api/customers/:id/phones/:phoneId', {
    config: manage,
    schema: { tags, summary: 'Change a number, what was agreed to for it, or that it must not be called', params: phone, body: phoneChange, response },
    handler: (request) => points.changePhone(viewerOf(request), request.params.id, request.params.phoneId, request.body),
  });
  app.delete('/api/customers/:id/phones/:phoneId', {
    config: manage,
    schema: { tags, summary: 'Remove a number', params: phone, response },
    handler: (request) => points.removePhone(viewerOf(request), request.params.id, request.params.phoneId),
  });

  app.post('/api/customers/:id/emails', {
    config: manage,
    schema: { tags, summary: 'Add a further e-mail', params: idParams, body: emailInput, response: { 201: customer, ...refusals } },
    handler: async (request, reply) => reply.status(201).send(await points.addEmail(viewerOf(request), request.params.id, request.body)),
  });
  app.patch('/api/customers/:id/emails/:emailId', {
    config: manage,
    schema: { tags, summary: 'Change a further e-mail', params: email, body: emailChange, response },
    handler: (request) => points.changeEmail(viewerOf(request), request.params.id, request.params.emailId, request.body),
  });
  app.delete('/api/customers/:id/emails/:emailId', {
    config: manage,
    schema: { tags, summary: 'Remove a further e-mail', params: email, response },
    handler: (request) => points.removeEmail(viewerOf(request), request.params.id, request.params.emailId),
  });
  app.post('/api/customers/:id/emails/:emailId/main', {
    config: manage,
    schema: { tags, summary: 'Make it the main e-mail; the one that was it takes its place', params: email, response },
    handler: (request) => points.makeEmailMain(viewerOf(request), request.params.id, request.params.emailId),
  });

  app.post('/api/customers/:id/addresses', {
    config: manage,
    schema: { tags, summary: 'Add a further address', params: idParams, body: addressInput, response: { 201: customer, ...refusals } },
    handler: async (request, reply) => reply.status(201).send(await points.addAddress(viewerOf(request), request.params.id, request.body)),
  });
  app.patch('/api/customers/:id/addresses/:addressId', {
    config: manage,
    schema: { tags, summary: 'Change a further address', params: address, body: addressChange, response },
    handler: (request) => points.changeAddress(viewerOf(request), request.params.id, request.params.addressId, request.body),
  });
  app.delete('/api/customers/:id/addresses/:addressId', {
    config: manage,
    schema: { tags, summary: 'Remove a further address', params: address, response },
    handler: (request) => points.removeAddress(viewerOf(request), request.params.id, request.params.addressId),
  });
  app.post('/api/customers/:id/addresses/:addressId/main', {
    config: manage,
    schema: { tags, summary: 'Make it the main address; the one that was it takes its place', params: address, response },
    handler: (request) => points.makeAddressMain(viewerOf(request), request.params.id, request.params.addressId),
  });
}
