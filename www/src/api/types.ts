import type { components } from './schema';

type Schemas = components['schemas'];
export type User = Schemas['User'];
export type SignedIn = Schemas['SignedIn'];
export type Room = Schemas['Room'];
export type Role = Schemas['Role'];
export type GrantRole = Schemas['GrantRole'];
export type Member = Schemas['Member'];
export type Invitation = Schemas['Invitation'];
export type NewInvitation = Schemas['NewInvitation'];
export type RoomToken = Schemas['RoomToken'];
export type NewRoomToken = Schemas['NewRoomToken'];
export type Language = Schemas['Language'];
export type Run = Schemas['Run'];
export type RunWithOutput = Schemas['RunWithOutput'];
export type RunResult = Schemas['RunResult'];
export type Version = Schemas['Version'];
export type Problem = Schemas['Problem'];

/** owner ≥ editor ≥ commenter ≥ viewer. */
export function mayEdit(role: Role): boolean {
  return role === 'editor' || role === 'owner';
}
