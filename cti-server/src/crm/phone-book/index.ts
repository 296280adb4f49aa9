export { createPhoneBook, type PhoneBook } from './phone-book.service.ts';
export { sharedNumberDeclaration } from './shared-number.declaration.ts';
