import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter } from 'react-router';
import { afterEach, expect, test, vi } from 'vitest';
import { backTo } from './backTo';
import { AuthForm } from './AuthForm';

afterEach(() => void vi.unstubAllGlobals());

function answer(status: number, body: object) {
  const fetch = vi.fn(() => Promise.resolve(new Response(JSON.stringify(body), { status })));
  vi.stubGlobal('fetch', fetch);
  return fetch;
}
function show(naming: boolean) {
  render(
    <MemoryRouter>
      <AuthForm naming={naming} />
    </MemoryRouter>,
  );
}

test('what is missing is said at its field, and the first one has the focus', async () => {
  const fetch = answer(200, {});
  show(true);
  await userEvent.type(screen.getByLabelText('Name'), 'Ada');
  await userEvent.type(screen.getByLabelText('Password'), 'short');
  await userEvent.click(screen.getByRole('button', { name: 'Create account' }));
  expect(screen.getByLabelText('E-mail').getAttribute('aria-invalid')).toBe('true');
  expect(document.activeElement).toBe(screen.getByLabelText('E-mail'));
  expect(screen.getByText('Use at least 8 characters.')).toBeTruthy();
  expect(fetch).not.toHaveBeenCalled();
});

test('what the server says about a field is shown there', async () => {
  answer(400, { code: 'invalid', title: 'x', detail: 'is too common', field: 'password' });
  show(true);
  await userEvent.type(screen.getByLabelText('Name'), 'Ada');
  await userEvent.type(screen.getByLabelText('E-mail'), 'ada@example.org');
  await userEvent.type(screen.getByLabelText('Password'), 'password1');
  await userEvent.click(screen.getByRole('button', { name: 'Create account' }));
  expect((await screen.findByText('Is too common.')).getAttribute('role')).toBe('alert');
});

test('a wrong password is said once for the form', async () => {
  answer(401, { code: 'unauthorized', title: 'Sign in first.', detail: '' });
  show(false);
  await userEvent.type(screen.getByLabelText('E-mail'), 'ada@example.org');
  await userEvent.type(screen.getByLabelText('Password'), 'wrong');
  await userEvent.keyboard('{Enter}');
  expect(await screen.findByText('E-mail or password is wrong.')).toBeTruthy();
});

test('password managers find their fields', () => {
  show(false);
  expect(screen.getByLabelText('E-mail').getAttribute('autocomplete')).toBe('username');
  expect(screen.getByLabelText('Password').getAttribute('autocomplete')).toBe('current-password');
});

test.each([
  ['', '/rooms'],
  ['?to=%2Fjoin%2Fabc', '/join/abc'],
  ['?to=https%3A%2F%2Fevil.example', '/rooms'],
  ['?to=%2F%2Fevil.example', '/rooms'],
  ['?to=%2F%5Cevil.example', '/rooms'],
])('after signing in %j leads to %s', (search, to) => {
  expect(backTo(search)).toBe(to);
});
