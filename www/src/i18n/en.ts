/** Everything the interface says. The same word for the same thing: room, file, run, output, member. */
const plural = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
const ORDINALS: Record<string, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
const ordinal = new Intl.PluralRules('en-GB', { type: 'ordinal' });
const place = (n: number) => (n <= 1 ? 'next' : `${n}${ORDINALS[ordinal.select(n)]}`);
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const relative = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' });

const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' });
const dateOfYear = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});

function dayTitle(ms: number, now: number): string {
  const midnight = (at: number) => new Date(at).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(now) - midnight(ms)) / 86_400_000);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return (days < 300 ? date : dateOfYear).format(ms);
}

function ago(ms: number, now = Date.now()): string {
  const seconds = Math.round((ms - now) / 1000);
  if (seconds > -60) return 'just now';
  const minutes = Math.round(seconds / 60);
  if (minutes > -60) return relative.format(minutes, 'minute');
  const hours = Math.round(minutes / 60);
  if (hours > -24) return relative.format(hours, 'hour');
  const days = Math.round(hours / 24);
  return days > -30 ? relative.format(days, 'day') : day.format(ms);
}

function lasting(seconds: number): string {
  const hours = Math.round(seconds / 3600);
  return hours < 48
    ? plural(hours, 'hour', 'hours')
    : plural(Math.round(hours / 24), 'day', 'days');
}

export const en = {
  common: {
    product: 'Coderoom',
    close: 'Close',
    cancel: 'Cancel',
    save: 'Save',
    copy: 'Copy',
    retry: 'Try again',
    dismiss: 'Dismiss',
    loading: 'Loading',
    toDark: 'Use dark colours',
    toLight: 'Use light colours',
    clock: (ms: number) => clock.format(ms),
    day: (ms: number, now: number) => dayTitle(ms, now),
  },
  errors: {
    title: 'The server cannot be reached',
    network: 'Check your connection. Nothing that was saved is lost.',
    unavailable: 'The server cannot answer right now. Try again in a moment.',
    rate: 'That was too often. Wait a little, then try again.',
    unexpected: (status: number) =>
      status > 0
        ? `Something went wrong (${status}). Try again.`
        : 'Something went wrong. Try again.',
    noLine: 'There is no connection to the room right now. Try again when it is back.',
    noAnswer: 'The room did not answer. Try again.',
    noPage: 'There is no such page',
    noPageHint: 'The address may be mistyped, or what was here is gone.',
    broken: 'This page stopped working',
    brokenHint: 'What you typed is saved. Load the page again to go on.',
    reload: 'Load again',
  },
  roles: { owner: 'Owner', editor: 'Editor', commenter: 'Commenter', viewer: 'Viewer' },
  auth: {
    signIn: 'Sign in',
    signUp: 'Create account',
    signOut: 'Sign out',
    noAccount: 'New here? Create an account',
    haveAccount: 'Already have an account? Sign in',
    email: 'E-mail',
    name: 'Name',
    nameHint: 'How others in a room see you.',
    password: 'Password',
    passwordHint: 'At least 8 characters.',
    emailWrong: 'Enter an e-mail address, like ada@example.org.',
    nameMissing: 'Enter a name.',
    passwordMissing: 'Enter your password.',
    passwordShort: 'Use at least 8 characters.',
    emailTaken: 'There is an account with this address already. Sign in instead.',
    wrong: 'E-mail or password is wrong.',
    notSecure:
      'This page is not served over HTTPS. You can sign in, but your browser will not keep you signed in when you reload.',
  },
  rooms: {
    title: 'Rooms',
    create: 'Create room',
    name: 'Name',
    unnamed: 'New room',
    language: 'Starts with a small program in',
    noLanguage: 'Nothing: an empty room',
    empty: 'No rooms yet',
    emptyHint: 'A room holds files that several people edit and run together.',
    notLoaded: 'Your rooms could not be loaded',
    more: 'Show more',
    toRooms: 'Your rooms',
    changed: (ms: number) => `changed ${ago(ms)}`,
    menu: (name: string) => `More about ${name}`,
    rename: 'Rename',
    delete: 'Delete room',
    deleteAsk: (name: string) => `Delete “${name}”?`,
    deleteLoses:
      'Its files, chat and run results are deleted for every member. This cannot be undone.',
    leave: 'Leave room',
    leaveAsk: (name: string) => `Leave “${name}”?`,
    leaveLoses: 'You need a new invitation to come back. What you wrote stays in the room.',
  },
  join: {
    title: 'Invitation',
    from: (name: string) =>
      name ? `${name} invites you to the room` : 'You are invited to the room',
    gives: {
      editor: 'You will be able to read, edit and run its files.',
      commenter: 'You will be able to read its files, see what is run and comment, but not edit.',
      viewer: 'You will be able to read its files and see what is run, but not edit.',
    },
    join: 'Join room',
    signUp: 'Create account and join',
    as: (name: string) => `You are signed in as ${name}.`,
    gone: 'This invitation does not work',
    goneHint: 'It has expired or was withdrawn. Ask for a new link.',
  },
  room: {
    side: 'Chat, people and runs',
    panels: 'Panels',
    viewOnly: 'View only',
    toggleFiles: 'Show or hide files',
    toggleSide: 'Show or hide the side panel',
    hideOutput: 'Hide output',
    sizeFiles: 'Width of the files panel',
    sizeSide: 'Width of the side panel',
    sizeOutput: 'Height of the output',
    roleChanged: (role: string) => `Your role in this room is now: ${role}`,
    lastEdit: 'your last edit',
    yourEdit: (text: string, line: number) => `“${text}” in line ${line}`,
    yourDelete: (line: number) => `what you deleted in line ${line}`,
    refusedReadOnly: (edit: string) => `You may only read here: ${edit} was taken back.`,
    refused: (edit: string) => `The server did not accept ${edit}: it was taken back.`,
    mended: (edit: string) =>
      `Protected lines stay as they are: what ${edit} changed there was taken back.`,
    copyMine: 'Copy my text',
    copiedMine: 'Your text is copied.',
    deleted: {
      title: 'This room was deleted',
      text: 'Its owner deleted it with everything in it.',
    },
    removed: {
      title: 'You are no longer in this room',
      text: 'An owner removed you, or the room is gone. Ask for a new invitation to come back.',
    },
    notFound: {
      title: 'There is no such room',
      text: 'It was deleted, or you are not a member. Ask for an invitation.',
    },
    closed: {
      title: 'The connection to the room was closed',
      text: (reason: string) => `The server said: ${reason || 'nothing'}. Load the page again.`,
    },
  },
  saved: {
    saved: 'Saved',
    saving: 'Saving…',
    connecting: 'Connecting…',
    withEdits: (kind: 'reconnecting' | 'offline' | 'stopped', edits: number) => {
      const word = { reconnecting: 'Reconnecting…', offline: 'Offline', stopped: 'Not connected' };
      return edits > 0 ? `${word[kind]} ${plural(edits, 'edit', 'edits')} kept here` : word[kind];
    },
    hint: {
      saved: 'Everything you typed is stored on the server.',
      saving: 'Your last edits are on their way to the server.',
      connecting: 'The room is being opened.',
      reconnecting: 'The connection was lost and is being opened again. You can go on typing.',
      offline:
        'You can go on typing: your edits are kept in this browser and sent when you are back.',
      stopped: 'The connection to the room has ended.',
    },
    lost: 'Connection lost. You can go on typing.',
    back: 'Connection restored, everything is saved.',
    always: 'Everything is saved as you type.',
  },
  files: {
    title: 'Files',
    open: 'Open files',
    empty: 'No files yet',
    newFile: 'New file',
    newFolder: 'New folder',
    rename: 'Rename',
    move: 'Move…',
    moveTitle: (name: string) => `Move ${name}`,
    moveDo: 'Move',
    folder: 'Folder',
    top: 'Top of the room',
    delete: 'Delete',
    deleteAsk: (path: string) => `Delete ${path}?`,
    deleteLoses: 'Its text is deleted for everybody. This cannot be undone.',
    deleteFolderLoses: (files: number) =>
      files === 0
        ? 'The folder is empty.'
        : `${plural(files, 'file', 'files')} in it will be deleted for everybody. This cannot be undone.`,
    menu: (name: string) => `More about ${name}`,
    close: (name: string) => `Close ${name}`,
    looksAt: (name: string) => `${name} is here`,
    problem: {
      empty: 'Enter a name.',
      dots: 'A name cannot be . or ..',
      character: 'A name cannot have \\ or control characters.',
      long: 'This name is too long.',
      taken: 'There is one with this name already.',
    },
  },
  editor: {
    title: 'Code',
    label: (path: string) => `${path}. Escape, then Tab, leaves the editor.`,
    noFile: 'No file is open',
    noFileHint: 'Choose one from the files.',
    emptyHint: 'Create one from the files panel to begin.',
    tooLarge: (bytes: number) =>
      `A file may have at most 1 MB of text, this would make it ${(bytes / 2 ** 20).toFixed(1)} MB. Nothing was inserted.`,
    nearlyFull: 'This file is nearly full: at most 1 MB of text fits into it.',
    protected: 'Protected: cannot be changed',
    protectedHint: 'These lines are protected. An owner can lift that.',
    protect: 'Protect the selected lines',
    unprotect: 'Lift the protection of the selected lines',
    more: 'More about this file',
    stopped: (reason: string) => `This file cannot be opened (${reason}).`,
  },
  history: {
    title: 'History',
    open: 'History of this file',
    of: (path: string) => `History of ${path}`,
    close: 'Back to the code',
    versions: 'Versions',
    preview: (path: string) => `${path} as it was`,
    empty: 'No versions yet',
    emptyHint: 'What is typed here is kept, version by version. Any of them can be brought back.',
    notLoaded: 'The history could not be loaded',
    noMoment: 'There is no such version',
    noMomentHint: 'The address may be mistyped. Choose a version from the list.',
    more: 'Show earlier versions',
    earlier: 'Earlier',
    script: 'a script',
    you: 'You',
    gone: 'somebody who left',
    changes: (count: number) => plural(count, 'change', 'changes'),
    same: 'The same as now.',
    legend: 'Compared with now: Restore brings back + and takes away −.',
    restore: 'Restore',
    restored: 'Version restored.',
    undo: 'Undo',
  },
  run: {
    bar: 'Run',
    run: 'Run',
    stop: 'Stop',
    queued: 'waiting',
    inLine: (position: number) => place(position),
    entry: 'File to run',
    openFile: (path: string) => `${path} (open file)`,
    firstFile: (path: string) => `${path} (main file)`,
    noFile: 'No program',
    hint: (entry: string) => `Run ${entry} (Ctrl+Enter)`,
    nothing: 'There is no file that can be run. Create one, like main.py.',
    settings: 'Run settings',
    args: 'Arguments',
    argsHint: 'Separated by spaces; quotes keep words together.',
    argsWrong: 'A quote is not closed.',
    limit: 'Time limit in seconds',
    limitHint: (seconds: number, most: number) => `Empty: ${seconds} seconds. At most ${most}.`,
    limitWrong: (most: number) => `Enter a number from 1 to ${most}.`,
  },
  output: {
    title: 'Output',
    input: 'Input',
    inputFilled: 'Input •',
    inputHint:
      'Given to the program as standard input when you press Run. Leave it empty to type while it runs.',
    empty: 'Press Run or Ctrl+Enter: everybody in the room sees the output here.',
    emptyViewer: 'When somebody presses Run, you see the output here.',
    running: 'Running now',
    started: (name: string, entry: string) => `${name} runs ${entry}`,
    who: (entry: string, name: string) => `${entry} · ${name}`,
    copy: 'Copy output',
    copied: 'Output copied',
    notLoaded: 'The output could not be loaded.',
    truncated: 'Only the first part of the output was kept.',
    typeInput: 'Type input for the program, Enter sends it',
    send: 'Send',
    eof: 'End of input',
    eofHint: 'Tells the program that no more input comes',
    elapsed: (ms: number) => `${(ms / 1000).toFixed(1)} s`,
    seconds: (ms: number) => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`,
    queued: 'Waiting to start',
    inLine: (position: number) => `Waiting, ${place(position)} in line`,
    noRunner: 'Waiting: the server has nobody to run this language right now',
    compiling: (time: string) => `Compiling, ${time}`,
    runningFor: (time: string) => `Running, ${time}`,
    ok: (time: string) => `Finished in ${time}`,
    exit: (code: number, time: string) => `Ended with exit code ${code} after ${time}`,
    signal: (name: string, time: string) => `Crashed with ${name} after ${time}`,
    wallTime: (time: string) => `Stopped after ${time}: time limit`,
    cpuTime: (time: string) => `Stopped after ${time} of processor time: limit`,
    memory: (mb: number | null) =>
      mb === null
        ? 'Stopped: it used more memory than allowed'
        : `Stopped: it used more than ${mb} MB of memory`,
    tooMuch: 'Stopped: it printed more than allowed',
    compileError: 'Did not compile',
    stopped: (time: string) => `Stopped by hand after ${time}`,
    internal: (message: string) =>
      `The server could not run it${message ? `: ${message}` : ''}. Your files are unchanged. Try again.`,
    cause: (path: string, line: number, text: string) => `${path}, line ${line}: ${text}`,
    place: (path: string, line: number) => `${path}, line ${line}`,
  },
  runs: {
    title: 'Runs',
    empty: 'Nothing was run yet.',
    state: { queued: 'Waiting', running: 'Running', finished: 'Finished' },
  },
  chat: {
    title: 'Chat',
    empty: 'No messages yet. What you write here stays with the room.',
    you: 'You',
    write: 'Write a message',
    send: 'Send message',
    failed: 'Not sent. Try again',
    tooLong: 'This is too long for one message.',
    said: (name: string, text: string) => `${name}: ${text}`,
    unread: (count: number) => `${count} unread`,
  },
  people: {
    title: 'People',
    you: (name: string) => `${name} (you)`,
    here: (count: number) => `${plural(count, 'other person', 'other people')} here`,
    more: (count: number) => `${count} more, show all`,
    follow: (name: string) => `Follow ${name}`,
    following: (name: string) => `Following ${name}. Escape leaves.`,
    followingHint: (name: string) => `Following ${name}. Esc leaves.`,
    unfollow: 'Stop following',
    joined: (name: string) => `${name} joined`,
    left: (name: string) => `${name} left`,
  },
  share: {
    share: 'Share',
    title: 'Share this room',
    link: 'Invitation link',
    copyLink: 'Copy link',
    linkRole: 'People with the link can',
    tokenRole: 'It may',
    linkExpiry: 'The link works for',
    tokenExpiry: 'It works for',
    mayEdit: 'edit and run',
    mayView: 'only view',
    linkGives: {
      editor: 'Whoever has the link and signs in can read, edit and run all files.',
      commenter:
        'Whoever has the link and signs in can read all files, see the output and comment, but not edit.',
      viewer:
        'Whoever has the link and signs in can read all files and see the output, but not edit.',
    },
    copied: 'Copied. Send it to the people you want here.',
    copyByHand: 'Your browser did not allow copying: select the link and copy it.',
    lasts: lasting,
    until: (ms: number) => `until ${day.format(ms)}`,
    links: 'Links that work',
    withdrawLink: (role: string) => `Withdraw this link (${role})`,
    ownersInvite: 'Only owners can invite.',
    members: 'Members',
    roleOf: (name: string) => `Role of ${name}`,
    remove: 'Remove',
    removeMember: (name: string) => `Remove ${name}`,
    removeAsk: (name: string) => `Remove ${name} from the room now?`,
    scripts: 'Scripts and editor plugins',
    scriptsHint:
      'A token lets a script or an editor plugin into this room without signing in, until it expires or is withdrawn.',
    tokenLabel: 'Label',
    tokenExample: 'my vim',
    makeToken: 'Create token',
    tokens: 'Tokens that work',
    tokenOnce: 'This address is shown only now. Whoever has it can enter the room.',
    tokenUrl: 'Address for the script',
    addressCopied: 'Address copied',
    withdrawToken: (label: string) => `Withdraw ${label}`,
  },
};
