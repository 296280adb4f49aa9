// One page in the browser; everything it shows comes from the server's API.
export const ssr = false;
export const prerender = false;
