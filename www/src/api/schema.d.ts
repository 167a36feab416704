/* Generated from docs/openapi.yaml by "npm run gen". */
export interface paths {
    "/auth/sign-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make an account and sign in */
        post: operations["signUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description An unknown address and a wrong password get the same answer after the same time.
         */
        post: operations["signIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a new access token
         * @description Takes the refresh token of the cookie and sets the next one. An old one ends the whole sign-in. Takes no body.
         */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Ends the sign-in that the cookie names and clears the cookie; succeeds also when there is none. Takes no body.
         */
        post: operations["signOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rooms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rooms that I am a member of, last changed first */
        get: operations["listRooms"];
        put?: never;
        /**
         * Make a room
         * @description With a language the room starts with a small program in it. At most 200 rooms for each account.
         */
        post: operations["createRoom"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rooms/{room}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
            };
            cookie?: never;
        };
        /** One room */
        get: operations["getRoom"];
        put?: never;
        post?: never;
        /** Delete with everything in it (owner) */
        delete: operations["deleteRoom"];
        options?: never;
        head?: never;
        /** Rename (owner) */
        patch: operations["renameRoom"];
        trace?: never;
    };
    "/rooms/{room}/members": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
            };
            cookie?: never;
        };
        /** Everybody in the room (viewer) */
        get: operations["listMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rooms/{room}/members/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
                user: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a member (owner), or leave (oneself)
         * @description The last owner cannot leave (409).
         */
        delete: operations["removeMember"];
        options?: never;
        head?: never;
        /**
         * Give a member another role (owner)
         * @description A room keeps at least one owner; demoting the last one is a conflict (409).
         */
        patch: operations["setMemberRole"];
        trace?: never;
    };
    "/rooms/{room}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
            };
            cookie?: never;
        };
        /** Links that still work, without their secrets (owner) */
        get: operations["listInvitations"];
        put?: never;
        /**
         * Make a link (owner)
         * @description Anybody signed in who has the link becomes a member with its role. At most 50 links for each room.
         */
        post: operations["createInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rooms/{room}/invitations/{invitation}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
                invitation: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Withdraw a link (owner) */
        delete: operations["deleteInvitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/invitations/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The secret of the link. */
                token: components["parameters"]["InvitationToken"];
            };
            cookie?: never;
        };
        /**
         * What a link leads to
         * @description Needs no sign-in.
         */
        get: operations["getInvitation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/invitations/{token}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The secret of the link. */
                token: components["parameters"]["InvitationToken"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Become a member
         * @description Never lowers the role of somebody who is a member already. Takes no body.
         */
        post: operations["acceptInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rooms/{room}/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A ticket for one socket (viewer)
         * @description For a browser: appended to a socket's address as `?ticket=…`, good once within 30 seconds. Takes no body.
         */
        post: operations["createTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rooms/{room}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
            };
            cookie?: never;
        };
        /**
         * Room tokens that still work, without their secrets (editor)
         * @description An owner sees all of them, an editor his own.
         */
        get: operations["listRoomTokens"];
        put?: never;
        /**
         * A token for scripts and editor plugins (editor)
         * @description Appended to a socket's address as `?token=…`; good for any number of sockets until it expires or is withdrawn. At most 50 for each room.
         */
        post: operations["createRoomToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rooms/{room}/tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
                /** @description The token's id, not its secret. */
                token: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Withdraw a room token (owner; editor, one's own) */
        delete: operations["deleteRoomToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rooms/{room}/files": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
            };
            cookie?: never;
        };
        /** The whole tree (viewer) */
        get: operations["listFiles"];
        put?: never;
        /**
         * Make a file or folder (editor)
         * @description Folders on the way are made as well. At most 500 entries in a room, 12 folders deep. Names in a folder also differ when case is ignored.
         */
        post: operations["createFile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rooms/{room}/files/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
                file: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a file, or a folder with everything below (editor) */
        delete: operations["deleteFile"];
        options?: never;
        head?: never;
        /**
         * Rename or move (editor)
         * @description A folder takes what is in it along. The id and the text stay.
         */
        patch: operations["moveFile"];
        trace?: never;
    };
    "/rooms/{room}/files/{file}/history": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
                file: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        /**
         * Versions of a file's text, newest first (viewer)
         * @description A version is what was written without a pause of two minutes, and at most within a quarter of an hour. `seq` is the moment at its end. A page looks at a
         *     part of the history, so it can hold fewer versions than asked for and still have a next one.
         */
        get: operations["listHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rooms/{room}/files/{file}/history/{seq}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
                file: components["schemas"]["Id"];
                /** @description A moment in the file's history. */
                seq: number;
            };
            cookie?: never;
        };
        /**
         * The text of a file as it was (viewer)
         * @description To bring it back, send `doc.restore` on the room's socket.
         */
        get: operations["getMoment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rooms/{room}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
            };
            cookie?: never;
        };
        /** Runs, newest first (viewer) */
        get: operations["listRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rooms/{room}/runs/{run}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
                run: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        /**
         * One run with its output (viewer)
         * @description The output is stored when the run has ended; until then it is empty here and live on the room's socket.
         */
        get: operations["getRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/languages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What can be run here
         * @description Needs no sign-in.
         */
        get: operations["listLanguages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @example 0g5ik2m9v3h8c1t7a4qr */
        Id: string;
        /**
         * @description Milliseconds since 1970 (UTC).
         * @example 1767225600000
         */
        Time: number;
        /** @description Code points; no control characters; stored in Unicode NFC without blanks at either end. */
        Name: string;
        /** @description Stored in lower case. */
        Email: string;
        /**
         * @description Each may what the ones before may. A commenter may change only the root `comments` of documents.
         * @enum {string}
         */
        Role: "viewer" | "commenter" | "editor" | "owner";
        /** @enum {string} */
        GrantRole: "viewer" | "commenter" | "editor";
        /** @enum {string} */
        Kind: "file" | "folder";
        /**
         * @description Names separated by `/`, relative to the room; no name is `.` or `..` or over 128 bytes; no control characters, no `\`.
         * @example src/main.py
         */
        Path: string;
        SignUp: {
            email: components["schemas"]["Email"];
            name: components["schemas"]["Name"];
            /** @description At most 256 bytes; no common password, not the name or address. */
            password: string;
        };
        SignIn: {
            email: components["schemas"]["Email"];
            password: string;
        };
        SignedIn: {
            user: components["schemas"]["User"];
            access_token: string;
            /** @description Seconds until the access token ends. */
            expires_in: number;
        };
        User: {
            id: components["schemas"]["Id"];
            email: components["schemas"]["Email"];
            name: components["schemas"]["Name"];
            created_at: components["schemas"]["Time"];
        };
        Room: {
            id: components["schemas"]["Id"];
            name: components["schemas"]["Name"];
            /** @description Id of the language it was made with; empty when none. */
            language: string;
            /** @description Mine. */
            role: components["schemas"]["Role"];
            owner_id: components["schemas"]["Id"];
            created_at: components["schemas"]["Time"];
            updated_at: components["schemas"]["Time"];
        };
        Member: {
            user_id: components["schemas"]["Id"];
            name: string;
            /** @description Only for owners. */
            email?: components["schemas"]["Email"];
            role: components["schemas"]["Role"];
            created_at: components["schemas"]["Time"];
        };
        Invitation: {
            id: components["schemas"]["Id"];
            role: components["schemas"]["GrantRole"];
            created_by: components["schemas"]["Id"];
            created_at: components["schemas"]["Time"];
            expires_at: components["schemas"]["Time"];
        };
        NewInvitation: {
            id: components["schemas"]["Id"];
            role: components["schemas"]["GrantRole"];
            created_by: components["schemas"]["Id"];
            created_at: components["schemas"]["Time"];
            expires_at: components["schemas"]["Time"];
            /**
             * Format: uri
             * @example https://code.example.org/join/Zm9v…
             */
            url: string;
            token: string;
        };
        InvitationPreview: {
            room_name: string;
            role: components["schemas"]["GrantRole"];
            /** @description A person's name; empty when the account is gone. */
            invited_by: string;
            expires_at: components["schemas"]["Time"];
        };
        RoomToken: {
            id: components["schemas"]["Id"];
            label: components["schemas"]["Name"];
            role: components["schemas"]["GrantRole"];
            created_by: components["schemas"]["Id"];
            created_at: components["schemas"]["Time"];
            expires_at: components["schemas"]["Time"];
        };
        NewRoomToken: {
            id: components["schemas"]["Id"];
            label: components["schemas"]["Name"];
            role: components["schemas"]["GrantRole"];
            created_by: components["schemas"]["Id"];
            created_at: components["schemas"]["Time"];
            expires_at: components["schemas"]["Time"];
            token: string;
        };
        File: {
            id: components["schemas"]["Id"];
            path: components["schemas"]["Path"];
            kind: components["schemas"]["Kind"];
            created_at: components["schemas"]["Time"];
        };
        Version: {
            /** @description The moment at its end. */
            seq: number;
            /** @description Its first moment. */
            from_seq: number;
            /** @description Milliseconds since 1970; null when it is not known. */
            started_at: number | null;
            ended_at: number | null;
            updates: number;
            /** @description Ids of users; of a room token with `@` before it. */
            authors: string[];
        };
        Run: {
            id: components["schemas"]["Id"];
            /** @description Names the run in the logs of all daemons; its first part, up to the dot, names the socket's request. */
            request_id: string;
            /** @enum {string} */
            state: "queued" | "running" | "finished";
            /** @description Path of the file that is run. */
            entry: string;
            language: string;
            args: string[];
            /** @description Empty when it was started with a room token. */
            user_id: string;
            user_name: string;
            created_at: components["schemas"]["Time"];
            started_at: number | null;
            finished_at: number | null;
            /** @description Null until it is finished. */
            result: components["schemas"]["RunResult"] | null;
        };
        RunWithOutput: {
            id: components["schemas"]["Id"];
            /** @description Names the run in the logs of all daemons; its first part, up to the dot, names the socket's request. */
            request_id: string;
            /** @enum {string} */
            state: "queued" | "running" | "finished";
            /** @description Path of the file that is run. */
            entry: string;
            language: string;
            args: string[];
            /** @description Empty when it was started with a room token. */
            user_id: string;
            user_name: string;
            created_at: components["schemas"]["Time"];
            started_at: number | null;
            finished_at: number | null;
            /** @description Null until it is finished. */
            result: components["schemas"]["RunResult"] | null;
            /** @description In the order it was read. */
            output: components["schemas"]["OutputPiece"][];
        };
        OutputPiece: {
            /** @enum {string} */
            stream: "stdout" | "stderr" | "compile";
            data: string;
            /**
             * @description There when the bytes are not UTF-8 text.
             * @constant
             */
            encoding?: "base64";
        };
        RunResult: {
            /** @enum {string} */
            verdict: "ok" | "exit" | "signal" | "wall_time" | "cpu_time" | "memory" | "output" | "compile_error" | "stopped" | "internal_error";
            /** @description With exit and compile_error. */
            exit_code: number;
            /** @description With signal. */
            signal: number;
            wall_ms: number;
            cpu_ms: number;
            compile_ms: number;
            /** @description Peak; 0 when unknown. */
            memory_bytes: number;
            stdout_bytes: number;
            stderr_bytes: number;
            /** @description Output was cut at the limit. */
            truncated: boolean;
            /** @description One sentence more, or empty. */
            message: string;
        };
        Language: {
            /** @example python */
            id: string;
            /** @example Python */
            name: string;
            /**
             * @description Lower case, without the dot.
             * @example [
             *       "py"
             *     ]
             */
            extensions: string[];
            /** @example main.py */
            default_entry: string;
        };
        /** @description RFC 9457. */
        Problem: {
            /** @description `urn:coderoom:problem:` and the code. */
            type: string;
            /** @description The same for each code, for people. */
            title: string;
            status: number;
            /** @description This case, for people. */
            detail: string;
            /** @enum {string} */
            code: "invalid" | "unauthorized" | "forbidden" | "not_found" | "method" | "conflict" | "gone" | "too_large" | "media_type" | "limit" | "rate" | "internal" | "unavailable" | "restart";
            /** @description The input at fault. */
            field?: string;
            request_id: string;
        };
    };
    responses: {
        /** @description Signed in; the cookie holds the next refresh token. */
        SignedIn: {
            headers: {
                "Set-Cookie": components["headers"]["RefreshCookie"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SignedIn"];
            };
        };
        /** @description Done; no body. */
        Done: {
            headers: {
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description Something else went wrong (method 405, media type 415, too large 413, server 500 and 503). */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A field or parameter is missing, unknown or wrong; `field` names it. */
        Invalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:coderoom:problem:invalid",
                 *       "title": "The request is not valid.",
                 *       "status": 400,
                 *       "detail": "must have at least 8 characters",
                 *       "code": "invalid",
                 *       "field": "password",
                 *       "request_id": "4f2a90c1d5be7c3300a1b2c3d4e5f607"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No, or an expired or wrong, access or refresh token; or a wrong e-mail address or password. */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The role in the room does not reach, or the request came from another site. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such thing, or I may not see it. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The name is taken, or it was changed meanwhile, or the room would have no owner. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A limit is reached. */
        Limit: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many requests. */
        Rate: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        Room: components["schemas"]["Id"];
        /** @description The secret of the link. */
        InvitationToken: string;
        /** @description Largest number of items. */
        Limit: number;
    };
    requestBodies: never;
    headers: {
        /** @description `__Host-coderoom=<family>.<secret>; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=…` */
        RefreshCookie: string;
        /** @description Seconds to wait. */
        RetryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    signUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.org",
                 *       "name": "Ada Lovelace",
                 *       "password": "a long walk at noon"
                 *     }
                 */
                "application/json": components["schemas"]["SignUp"];
            };
        };
        responses: {
            201: components["responses"]["SignedIn"];
            400: components["responses"]["Invalid"];
            /** @description There is an account with this e-mail address (`field` is `email`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Rate"];
            default: components["responses"]["Problem"];
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.org",
                 *       "password": "a long walk at noon"
                 *     }
                 */
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            200: components["responses"]["SignedIn"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["Rate"];
            default: components["responses"]["Problem"];
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["SignedIn"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["Rate"];
            default: components["responses"]["Problem"];
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out. */
            204: {
                headers: {
                    "Set-Cookie": components["headers"]["RefreshCookie"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Problem"];
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account of the access token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        user: components["schemas"]["User"];
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            default: components["responses"]["Problem"];
        };
    };
    listRooms: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Largest number of items. */
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rooms: components["schemas"]["Room"][];
                        /** @description Null at the end. */
                        next_cursor: string | null;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            default: components["responses"]["Problem"];
        };
    };
    createRoom: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Sorting together",
                 *       "language": "python"
                 *     }
                 */
                "application/json": {
                    name: components["schemas"]["Name"];
                    /** @description Id of a language of `GET /languages`. */
                    language?: string;
                };
            };
        };
        responses: {
            /** @description The room; I am its owner. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            422: components["responses"]["Limit"];
            default: components["responses"]["Problem"];
        };
    };
    getRoom: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The room. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    deleteRoom: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    renameRoom: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Sorting, second try"
                 *     }
                 */
                "application/json": {
                    name: components["schemas"]["Name"];
                };
            };
        };
        responses: {
            /** @description The room as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    listMembers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All members. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        members: components["schemas"]["Member"][];
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    removeMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
                user: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    setMemberRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
                user: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "viewer"
                 *     }
                 */
                "application/json": {
                    role: components["schemas"]["Role"];
                };
            };
        };
        responses: {
            /** @description The member as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    listInvitations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        invitations: components["schemas"]["Invitation"][];
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    createInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "editor",
                 *       "expires_in": 86400
                 *     }
                 */
                "application/json": {
                    role: components["schemas"]["GrantRole"];
                    /**
                     * @description Seconds.
                     * @default 604800
                     */
                    expires_in?: number;
                };
            };
        };
        responses: {
            /** @description The link; its secret is shown this once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewInvitation"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Limit"];
            default: components["responses"]["Problem"];
        };
    };
    deleteInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
                invitation: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    getInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The secret of the link. */
                token: components["parameters"]["InvitationToken"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What accepting gives. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationPreview"];
                };
            };
            404: components["responses"]["NotFound"];
            429: components["responses"]["Rate"];
            default: components["responses"]["Problem"];
        };
    };
    acceptInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The secret of the link. */
                token: components["parameters"]["InvitationToken"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The room, with my role in it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Limit"];
            default: components["responses"]["Problem"];
        };
    };
    createTicket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ticket. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ticket: string;
                        /**
                         * @description Seconds.
                         * @constant
                         */
                        expires_in: 30;
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Rate"];
            default: components["responses"]["Problem"];
        };
    };
    listRoomTokens: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tokens. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        tokens: components["schemas"]["RoomToken"][];
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    createRoomToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "label": "my vim",
                 *       "role": "editor"
                 *     }
                 */
                "application/json": {
                    label: components["schemas"]["Name"];
                    role: components["schemas"]["GrantRole"];
                    /**
                     * @description Seconds.
                     * @default 28800
                     */
                    expires_in?: number;
                };
            };
        };
        responses: {
            /** @description The token; its secret is shown this once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewRoomToken"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Limit"];
            default: components["responses"]["Problem"];
        };
    };
    deleteRoomToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
                /** @description The token's id, not its secret. */
                token: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    listFiles: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Files and folders, parents before what is in them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        files: components["schemas"]["File"][];
                        /** @description Grows with each change of the tree. */
                        rev: number;
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    createFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "path": "src/util.py",
                 *       "kind": "file",
                 *       "content": "def double(n):\n    return 2 * n\n"
                 *     }
                 */
                "application/json": {
                    path: components["schemas"]["Path"];
                    kind: components["schemas"]["Kind"];
                    /** @description First text of a file, at most 1 MiB of UTF-8 (and of body). Lines are stored ending in LF. */
                    content?: string;
                };
            };
        };
        responses: {
            /** @description What was made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["File"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Limit"];
            default: components["responses"]["Problem"];
        };
    };
    deleteFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
                file: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    moveFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
                file: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "path": "lib/util.py"
                 *     }
                 */
                "application/json": {
                    path: components["schemas"]["Path"];
                };
            };
        };
        responses: {
            /** @description The file or folder as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["File"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Limit"];
            default: components["responses"]["Problem"];
        };
    };
    listHistory: {
        parameters: {
            query?: {
                /** @description `next_before` of the page before. */
                before?: number;
                /** @description Largest number of items. */
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path: {
                room: components["parameters"]["Room"];
                file: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        versions: components["schemas"]["Version"][];
                        /** @description Null on the last page. */
                        next_before: number | null;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    getMoment: {
        parameters: {
            query?: {
                /** @description After which update of the batch `seq`, counted from 0; left out, after all of it. */
                index?: number;
            };
            header?: never;
            path: {
                room: components["parameters"]["Room"];
                file: components["schemas"]["Id"];
                /** @description A moment in the file's history. */
                seq: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The text. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        seq: number;
                        text: string;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    listRuns: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Largest number of items. */
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path: {
                room: components["parameters"]["Room"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, without output. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        runs: components["schemas"]["Run"][];
                        /** @description Null on the last page. */
                        next_cursor: string | null;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    getRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["Room"];
                run: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunWithOutput"];
                };
            };
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    listLanguages: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All languages of this installation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        languages: components["schemas"]["Language"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
}
