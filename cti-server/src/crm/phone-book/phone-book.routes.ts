import { colleagueStates, colleagueStatesQuery, page, phoneBookEntry, phoneBookQuery } from '../../contracts/index.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import { refusals } from '../refusals.ts';
import type { PhoneBook } from './phone-book.service.ts';

const tags = ['phone book'];
/** Everybody has colleagues; which customers and contacts, the rights on records say. */
const config = { access: 'signedIn' } as const;

export function registerPhoneBookRoutes(app: HttpApp, phoneBook: PhoneBook): void {
  app.get('/api/phone-book', {
    config,
    schema: { tags, summary: 'Whom one may call, by name, a page at a time; without a kind the first of each', querystring: phoneBookQuery, response: { 200: page(phoneBookEntry), ...refusals } },
    handler: (request) => phoneBook.list(viewerOf(request), request.query),
  });
  app.get('/api/phone-book/states', {
    config,
    schema: { tags, summary: 'What these colleagues do just now', querystring: colleagueStatesQuery, response: { 200: colleagueStates, ...refusals } },
    handler: (request) => ({ states: phoneBook.states(request.query.ids.split(',').filter((one) => one !== '')) }),
  });
}
