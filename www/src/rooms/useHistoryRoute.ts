import { useNavigate, useSearchParams } from 'react-router';

const NAME = 'history';

/** Whether the open file's history is shown, and which moment: in the address, as `?history=12`. */
export function useHistoryRoute(room: string, file: string | null) {
  const [query] = useSearchParams();
  const navigate = useNavigate();
  const value = query.get(NAME);
  const to = (part: string, replace = false) => {
    void navigate(`/rooms/${room}/${file ?? '-'}${part}`, { replace });
  };
  return {
    open: value !== null && file !== null,
    seq: value && /^[1-9]\d{0,14}$/.test(value) ? Number(value) : null,
    show: () => to(`?${NAME}`),
    choose: (seq: number) => to(`?${NAME}=${seq}`, true),
    close: () => to(''),
  };
}
