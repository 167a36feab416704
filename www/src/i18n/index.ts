/** All text for people, in the language of the page. There is one so far. */
export { en as t } from './en';
