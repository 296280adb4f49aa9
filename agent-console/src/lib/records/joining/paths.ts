/** Where the card of a record is: some types have a screen of their own. */
const ownScreens: Readonly<Record<string, string>> = { customer: '/customers', ticket: '/tickets' };
export const cardOf = (type: string, id: string): string => `${ownScreens[type] ?? `/records/${type}`}/${id}`;
