import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from './problem';
import { onSession } from './session';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => error instanceof ApiError && error.passes && count < 2,
      staleTime: 5_000,
    },
  },
});
// Nothing of one person's is shown to the next.
onSession(() => client.clear());

/** Around pages and dialogs that ask the API; the room itself lives on its sockets. */
export function Queries({ children }: { children: ReactNode }) {
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
