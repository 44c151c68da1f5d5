// Generated from docs/openapi.json by `npm run generate:api`. Do not edit.

export interface paths {
    "/api/v1/engines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The engines of this console. */
        get: operations["engines_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/engines/{name}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks an engine now what it finds where it works, for example whether its clusters answer and what it may do there. */
        post: operations["engines_check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What changes, as it happens: a stream of server-sent events.
         * @description - `change`: something that the caller may see is another one now; the data says what. Of a run's progress, metrics and
         *       results about once a second.
         *     - `reset` (data `{}`): some changes are lost; fetch what is shown anew.
         *     - `end` (data `{}`): the session has ended; the stream closes. It also closes, without this, when the process ends.
         *
         *     The `id` of a frame is the place behind it. A client that comes back with it in `Last-Event-ID` misses nothing that
         *     happened within the last hour, at whichever process of the console; what it was told shortly before may come twice.
         *     Comments are signs of life, every 15 s.
         */
        get: operations["events_listen"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs, newest first. */
        get: operations["instances_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/instances/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One run. */
        get: operations["instances_get"];
        put?: never;
        post?: never;
        /** Deletes a run that has ended, with its log, metrics and results. */
        delete: operations["instances_delete"];
        options?: never;
        head?: never;
        /** Changes the comment. */
        patch: operations["instances_comment"];
        trace?: never;
    };
    "/api/v1/instances/{id}/consent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a partner asks to be run here, for somebody who decides on it. */
        get: operations["instances_consent"];
        put?: never;
        /** Accepts or refuses what a partner asks to be run here. */
        post: operations["instances_decide"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/instances/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what when, and what the partner told of its half, oldest first. */
        get: operations["instances_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/instances/{id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The log of an attempt: a page, the whole as a file, or as it grows.
         * @description With `follow=true` the answer is a stream of server-sent events. `lines` frames hold lines that were not sent before;
         *     their `id` is the number of the next line, and who comes back with it in `Last-Event-ID` goes on there, at whichever
         *     process of the console. `expired` comes first when the beginning was deleted. `end` (data `{"next_line"}`) says that
         *     the attempt is over and everything was sent. Comments are signs of life, every 15 s. A client that reads slowly is
         *     sent more when it has read; nothing is lost.
         */
        get: operations["instances_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/instances/{id}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The curves of an attempt, by name.
         * @description Of a curve with more than `points` points, the first and the last point are kept, and of each of equally many between
         *     them the lowest and the highest. Who has a curve up to a step asks for what is behind it (`after_step`); a run that is
         *     taken up again after a restart may report steps once more with other values, so a chart is now and then fetched anew.
         */
        get: operations["instances_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/instances/{id}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The results of an attempt, by name. */
        get: operations["instances_results"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/instances/{id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Starts a run that is ready, or starts it again as a new attempt. */
        post: operations["instances_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/instances/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops a run on both sides. */
        post: operations["instances_stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/instances/{id}/warnings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The warnings of an attempt, in the order in which they came. The partner is not told of them. */
        get: operations["instances_warnings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Invitations that were made here. */
        get: operations["invitations_list"];
        put?: never;
        /**
         * Makes an invitation. Its code is in this answer and nowhere else. A repeat with the same `Idempotency-Key` answers with
         *     the same invitation and a fresh code, which takes the place of the one before.
         */
        post: operations["invitations_invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes an invitation back. */
        delete: operations["invitations_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accepts another console's invitation. The partner is `pending` until that console has answered. */
        post: operations["invitations_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Shows what a code holds. Nothing is stored and nobody is called. */
        post: operations["invitations_preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/objects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Files, by name. */
        get: operations["objects_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/objects/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Downloads a file, or a range of its bytes. */
        get: operations["objects_download"];
        /** Uploads a file. The body is the file; `X-Content-SHA256` may hold its digest. */
        put: operations["objects_upload"];
        post?: never;
        /**
         * Deletes the content of a file; name, size, digest and the date of the deletion stay to be read. Refused while a run
         *     reads it.
         */
        delete: operations["objects_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/objects/{name}/info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Facts about a file, also about one whose content was deleted. */
        get: operations["objects_info"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/objects/{name}/profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is in the table of a file, column by column. It is found out in the background at the first question, and kept for as
         *     long as the content: ask again while the state is `waiting`.
         */
        get: operations["objects_profile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/objects/{name}/table": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The first rows of a file that is a table. */
        get: operations["objects_preview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What an operator wants to know first: what needs attention, what runs, what ended, who is connected. */
        get: operations["system_overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pairings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One pairing. */
        get: operations["pairings_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pairings/{id}/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the partner now for its public meta, and keeps it. */
        post: operations["pairings_refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pairings/{id}/take-settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Writes the partner's values of the shared settings that differ into this side's config. Only while the version is not
         *     paired.
         */
        post: operations["pairings_take_settings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/partners": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Partners. */
        get: operations["partners_list"];
        put?: never;
        /** Adds a partner that runs the original console and cannot sign. Others are paired by invitation. */
        post: operations["partners_add_base"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/partners/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One partner. */
        get: operations["partners_get"];
        put?: never;
        post?: never;
        /** Deletes a partner that is no longer paired and has no projects here, with the messages to it. */
        delete: operations["partners_delete"];
        options?: never;
        head?: never;
        /** Corrects name, address or remark. */
        patch: operations["partners_update"];
        trace?: never;
    };
    "/api/v1/partners/{id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Checks the way to a partner now, step by step. */
        post: operations["partners_check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/partners/{id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Notes that both sides' operators see the same fingerprint. */
        post: operations["partners_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/partners/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends a pause. */
        post: operations["partners_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/partners/{id}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pauses a partner: its calls are refused, messages to it wait. */
        post: operations["partners_suspend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/partners/{id}/unpair": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends a pairing: the partner's calls are refused, and what waits for it is given up. */
        post: operations["partners_unpair"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Projects. */
        get: operations["projects_list"];
        put?: never;
        /** Makes a project and tells the partner. It is `draft` until the partner has answered. */
        post: operations["projects_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One project. */
        get: operations["projects_get"];
        put?: never;
        post?: never;
        /** Deletes a project that was closed, with its tasks and the runs that have ended. */
        delete: operations["projects_delete"];
        options?: never;
        head?: never;
        /** Changes name, remark, config or owner; takes a project that the partner made. */
        patch: operations["projects_update"];
        trace?: never;
    };
    "/api/v1/projects/{id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Closes a project on both sides: nothing new runs, reading stays. */
        post: operations["projects_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the partner now whether it knows the project. */
        post: operations["projects_check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{id}/partner": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Gives a project to another partner that knows it by the same id. Only from no partner or one that does not sign: after an
         *     adoption, or when the partner has moved to this console and was paired anew.
         */
        put: operations["projects_assign"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{id}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tasks of a project. */
        get: operations["tasks_list"];
        put?: never;
        /** Makes a task. What the engine finds wrong with the config is in `problems`; it counts when the task is to run. */
        post: operations["tasks_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes an account for oneself, where the administrator has allowed it. */
        post: operations["session_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/resources/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replaces how an object is attached. */
        put: operations["resources_update"];
        post?: never;
        /** Detaches an object; its bytes stay. */
        delete: operations["resources_detach"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in. */
        get: operations["session_who_am_i"];
        put?: never;
        /** Signs in. */
        post: operations["session_sign_in"];
        /** Signs out: the session ends at once, everywhere. */
        delete: operations["session_sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the console waits for its first account, and whether the caller is signed in. */
        get: operations["setup_status"];
        put?: never;
        /** Makes the first account, with role root, and names the organisation. */
        post: operations["setup_first_admin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Facts about this console. */
        get: operations["system_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes the name of the organisation. */
        patch: operations["system_update"];
        trace?: never;
    };
    "/api/v1/system/outbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Messages to partners, newest first. */
        get: operations["system_outbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system/outbox/{id}/give-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives a message up; those behind it go on. */
        post: operations["system_give_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system/outbox/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a message without further delay. */
        post: operations["system_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system/refused-calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The last calls of partners and unknown consoles that were refused, the last one first. Kept until the process ends. */
        get: operations["system_refused_calls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One version. */
        get: operations["tasks_get"];
        put?: never;
        post?: never;
        /** Deletes a version, or with the first one the whole task, with the runs that have ended. Attached files stay. */
        delete: operations["tasks_delete"];
        options?: never;
        head?: never;
        /** Changes a version that is not paired. */
        patch: operations["tasks_update"];
        trace?: never;
    };
    "/api/v1/tasks/{id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Puts a version away, or with the first one the whole task; or takes it out again. Lists leave out what was put away, and
         *     nothing new is done with it; its runs go on.
         */
        post: operations["tasks_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Runs a paired task version; both halves start as soon as the partner knows of it. */
        post: operations["instances_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/pairing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the partner to pair a version. The pairing is `draft` until the partner has answered. */
        post: operations["pairings_ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/resources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The objects of a task version. */
        get: operations["resources_list"];
        put?: never;
        /** Attaches an object to a task version that is not paired yet. */
        post: operations["resources_attach"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the engine what is wrong with a version's config. */
        post: operations["tasks_validate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The versions of a task, which any of them may name. */
        get: operations["tasks_versions"];
        put?: never;
        /** Makes a version from the newest one: config, meta, remark and resources are copied. */
        post: operations["tasks_new_version"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Users. */
        get: operations["users_list"];
        put?: never;
        /** Makes an account. */
        post: operations["users_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One user. */
        get: operations["users_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes role, permissions, remark, or whether somebody can sign in. */
        patch: operations["users_update"];
        trace?: never;
    };
    "/api/v1/users/{id}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Changes a password: one's own with the old one, another's as an administrator. Other sessions of the account end. */
        post: operations["users_change_password"];
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
        /** @description An invitation to accept. */
        Acceptance: {
            code: string;
            comment?: string | null;
            /** @description How the partner is called here; by default as it calls itself. */
            name?: string | null;
        };
        /**
         * @description Who caused it.
         * @enum {string}
         */
        ActorKind: "operator" | "partner" | "engine" | "console";
        /** @description Where a partner says it is. */
        AnnouncedAddress: {
            address: string;
            /**
             * Format: date-time
             * @description Since when it says so.
             */
            at: string;
        };
        /** @description Whether to put away or to take out. */
        Archiving: {
            archived: boolean;
        };
        /** @description The partner that a project belongs to from now on. */
        Assignment: {
            partner_id: string;
        };
        /** @description How an object is attached. */
        Attachment: {
            comment?: string | null;
            /** @description An object. */
            config?: unknown;
            /** @description Unique in the version; the task's config names it. */
            name: string;
            /** @description The `uri` of an object. */
            uri: string;
        };
        /** @description What waits for a decision of the caller, as far as they have the right to decide. */
        Attention: {
            /** @description The last runs that partners asked for and that were refused here. */
            calls: components["schemas"]["RefusedCall"][];
            /** @description Limits that partners or users have reached, the first one first. */
            limits: components["schemas"]["ReachedLimit"][];
            /** @description The last messages that partners refused. */
            messages: components["schemas"]["OutboxMessage"][];
            /** @description Partners whose fingerprint nobody has compared. */
            partners: components["schemas"]["Partner"][];
            /** @description Projects that partners propose. */
            projects: components["schemas"]["Project"][];
            /** @description Runs that partners ask for. */
            runs: components["schemas"]["Instance"][];
        };
        /**
         * @description Why the caller cannot do something now. What the state of things forbids comes first, then what rights are missing
         *     (`forbidden`).
         */
        Blocker: {
            /** @description The `code` that the attempt would be refused with, were nothing else in its way. */
            code: components["schemas"]["ErrorCode"];
            /** @description What to do about it. */
            detail: string;
        };
        /** @description The data of a `change` frame. */
        Change: {
            /** @description `created`, `updated` or `deleted`. */
            change: string;
            /** @description Its id; of an object its name. */
            id: string;
            /**
             * @description `partner`, `invitation`, `project`, `task`, `pairing`, `resource`, `instance`, `object`, `user` or `outbox`; a
             *     later release may tell of more.
             */
            kind: string;
            /** @description The project that it belongs to. */
            project_id?: string | null;
            /** @description The task version that it belongs to. */
            task_id?: string | null;
        };
        /**
         * @description What a step looks at.
         * @enum {string}
         */
        CheckedPart: "name" | "tcp" | "tls" | "http" | "console" | "signature" | "clock";
        /** @description A code to look at. */
        Code: {
            code: string;
        };
        /**
         * @description What most values of a column are.
         * @enum {string}
         */
        ColumnKind: "empty" | "integer" | "decimal" | "boolean" | "date" | "text";
        /** @description What is in a column. */
        ColumnProfile: {
            /** @description Different values. */
            distinct: components["schemas"]["ValueCount"];
            duplicates?: components["schemas"]["ValueCount"] | null;
            /** @description The most frequent values, the most frequent first. */
            frequent: components["schemas"]["FrequentValue"][];
            /** @description Whether their counts may be too low. */
            frequent_are_estimates: boolean;
            /** @description What at least 95 % of its values are. */
            kind: components["schemas"]["ColumnKind"];
            /** @description The largest value of the kind. */
            largest?: string | null;
            /**
             * Format: int64
             * @description Rows without a value.
             */
            missing: number;
            /** @description Its name; without a header its number. */
            name: string;
            numbers?: components["schemas"]["NumberProfile"] | null;
            /** @description The smallest value of the kind; dates as `2024-01-31` or `2024-01-31T08:00:00`. */
            smallest?: string | null;
            /**
             * Format: int64
             * @description Values that are not of the kind.
             */
            unlike: number;
        };
        /** @description One thing that is wrong with a task. */
        ConfigProblem: {
            code: components["schemas"]["FieldCode"];
            detail: string;
            /** @description The same in simplified Chinese, where the detail says more than the code. */
            detail_zh?: string | null;
            /** @description The names and numbers of what an engine found. */
            params?: Record<string, never>;
            /** @description A JSON Pointer into the task. */
            pointer: string;
            /** @description The word of an engine for what it found, where the code is `said`. */
            reason?: string | null;
        };
        /** @description The fingerprint that the partner's operators see as their own. */
        Confirmation: {
            fingerprint: string;
        };
        /** @description How often which class was taken for which. */
        ConfusionMatrixDocument: {
            classes: string[];
            /** @description A row for each class as it is, in it a number for each class that it was taken for; both in the order of `classes`. */
            counts: number[][];
            /**
             * @description The word for one form. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            kind: "confusion_matrix";
            /**
             * Format: double
             * @description From which prediction on a row was taken for the second of two classes.
             */
            threshold?: number | null;
        };
        /** @description What a check of the connection found. */
        ConnectionCheck: {
            /** Format: date-time */
            at: string;
            partner: components["schemas"]["Partner"];
            steps: components["schemas"]["ConnectionStep"][];
            verdict: components["schemas"]["Verdict"];
        };
        /** @description One step of a check of the connection. */
        ConnectionStep: {
            advice?: string | null;
            checked: components["schemas"]["CheckedPart"];
            detail: string;
            outcome: components["schemas"]["StepOutcome"];
        };
        /** @description An answer to a partner's request. */
        ConsentAnswer: {
            decision: components["schemas"]["ConsentDecision"];
            /** @description Of an acceptance: the digest of what was shown. */
            digest?: string;
            /** @description Of a refusal: why, in words that the partner reads. */
            reason?: string;
            /** @description Of an acceptance: also accept every later run of this task version, as long as nothing of the content changes. */
            remember?: boolean;
        };
        /** @description Exactly what would run. */
        ConsentContent: {
            /** @description Our private config. */
            config: unknown;
            engine: string;
            files: components["schemas"]["ConsentFile"][];
            task_id: string;
            task_name: string;
            task_type: components["schemas"]["TaskType"];
            task_version: string;
        };
        /**
         * @description Yes or no: a run that is refused is stopped on both sides.
         * @enum {string}
         */
        ConsentDecision: "accept" | "refuse";
        /** @description A file that is attached to the task version. */
        ConsentFile: {
            /** @description What was noted about it. */
            config: unknown;
            name: string;
            /**
             * Format: int64
             * @description Size in bytes.
             */
            size?: number | null;
            /** @description Another text for other content; null when the file is not there. */
            tag?: string | null;
            uri: string;
        };
        /** @description What a partner asks to be run here. */
        ConsentRequest: {
            cannot_accept?: components["schemas"]["Blocker"] | null;
            /** @description Exactly what would run. */
            content: components["schemas"]["ConsentContent"];
            /** @description The digest of the content. Whoever accepts names it: what changed since is refused. */
            digest: string;
            /**
             * Format: date-time
             * @description When the request ends by itself, if nobody answers.
             */
            expires_at?: string | null;
            /** @description The run, as it stands. */
            instance: components["schemas"]["Instance"];
            /**
             * Format: date-time
             * @description Since when it waits for an answer; null when it does not wait.
             */
            since?: string | null;
        };
        /** @description Numbers of things. */
        CountsDocument: {
            /** @description In the order in which they are shown. */
            counts: components["schemas"]["NamedCount"][];
            /**
             * @description The word for one form. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            kind: "counts";
        };
        /** @description A user name and a password. */
        Credentials: {
            name: string;
            password: string;
        };
        /** @description A direction of a plane. */
        CurveAxis: {
            /**
             * Format: double
             * @description Where it ends; null: where the points do.
             */
            max?: number | null;
            /**
             * Format: double
             * @description Where it begins; null: where the points do.
             */
            min?: number | null;
            /** @description What it measures: a word such as `false_positive_rate`. */
            name: string;
        };
        /** @description A line in a plane, such as a ROC curve. */
        CurveDocument: {
            /**
             * Format: double
             * @description The area below it, if that means something.
             */
            area?: number | null;
            /**
             * @description The word for one form. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            kind: "curve";
            /** @description x and y of each point, from the line's beginning to its end. */
            points: number[][];
            /** @description A line to compare it with: `diagonal`, from the lower left to the upper right. */
            reference?: string | null;
            x: components["schemas"]["CurveAxis"];
            y: components["schemas"]["CurveAxis"];
        };
        /** @description When and by whom the content of a file was deleted. */
        Deletion: {
            /** Format: date-time */
            at: string;
            /** @description Who asked for it. */
            by?: string | null;
        };
        /** @description What a result says; `kind` tells the forms apart. */
        Document: components["schemas"]["CountsDocument"] | components["schemas"]["ScoresDocument"] | components["schemas"]["CurveDocument"] | components["schemas"]["ConfusionMatrixDocument"] | components["schemas"]["TableDocument"] | components["schemas"]["FileDocument"] | components["schemas"]["JsonDocument"];
        /** @description What really runs jobs. */
        Engine: {
            /** @description Whether it takes jobs up again after the console restarted. */
            attach: boolean;
            /** @description Whether it is the engine of tasks that name none. */
            default: boolean;
            /** @description What tasks name it by. */
            name: string;
            /** @description Whether it talks to the other side through the consoles. */
            peer_channel: boolean;
            /** @description The task types (`sample`, `train`) that it runs. */
            types: {
                [key: string]: components["schemas"]["EngineType"];
            };
            version: string;
        };
        /** @description Something that an engine found where it works. */
        EngineFinding: {
            health: components["schemas"]["EngineHealth"];
            /** @description What it is about, such as the name of a cluster. */
            subject: string;
            text: string;
            /** @description In simplified Chinese, where the engine says it. */
            text_zh?: string | null;
        };
        /**
         * @description How something is where an engine works.
         * @enum {string}
         */
        EngineHealth: "good" | "doubtful" | "bad";
        /** @description One task type of an engine. */
        EngineType: {
            /** @description A JSON Schema of the task's config. */
            config_schema: unknown;
            main_figure?: components["schemas"]["MainFigure"] | null;
            /** @description Keys that must be equal on both sides where both sides' `meta` state them. */
            matching_keys: string[];
        };
        /**
         * @description Why a request was not done. A later version may have further codes.
         * @enum {string}
         */
        ErrorCode: "not_signed_in" | "sign_in_refused" | "locked_out" | "too_busy" | "wrong_password" | "wrong_setup_code" | "setup_done" | "other_origin" | "forbidden" | "not_found" | "no_route" | "method_not_allowed" | "http_error" | "not_json" | "malformed_json" | "json_too_deep" | "nul_character" | "body_too_large" | "body_too_slow" | "body_broken" | "bad_cursor" | "bad_if_match" | "bad_idempotency_key" | "idempotency_key_reused" | "request_in_progress" | "invalid_input" | "stale" | "already_exists" | "name_taken" | "too_many_listeners" | "too_many_connections" | "not_a_table" | "no_preview" | "too_many_profiles" | "too_many_uploads" | "user_files_full" | "unavailable" | "internal" | "object_exists" | "object_too_large" | "object_deleted" | "object_in_use" | "empty_object" | "upload_broken" | "checksum_mismatch" | "store_full" | "invalid_range" | "address_taken" | "address_unusable" | "fingerprint_differs" | "fingerprint_not_confirmed" | "partner_not_active" | "partner_paired" | "partner_has_projects" | "partner_error" | "already_paired" | "own_invitation" | "invitation_expired" | "invitation_over" | "invitation_used" | "no_partner" | "project_archived" | "project_not_archived" | "project_not_ready" | "partner_is_paired" | "partner_knows_id" | "messages_waiting" | "runs_live" | "task_archived" | "task_in_use" | "task_paired" | "token_missing" | "token_taken" | "root_missing" | "root_not_paired" | "pairing_asked" | "not_paired" | "settings_differ" | "settings_unknown" | "config_refused" | "engine_needs_channel" | "input_deleted" | "awaiting_consent" | "not_awaiting_consent" | "consent_outdated" | "cannot_start" | "cannot_stop" | "still_running" | "no_more_attempts" | "not_ours" | "last_root" | "not_waiting" | "already_delivered";
        /** @description A change in the history of a run. */
        Event: {
            /** @description The user's or the partner's id. */
            actor?: string | null;
            actor_kind: components["schemas"]["ActorKind"];
            /** @description The user's or the partner's name. */
            actor_name?: string | null;
            /**
             * Format: date-time
             * @description When; of the partner's half when it was heard.
             */
            at: string;
            /** Format: int32 */
            attempt: number;
            from?: components["schemas"]["RunStatus"] | null;
            reason?: string | null;
            /** @description The same as a word for programs; null where there is none. */
            reason_code?: string | null;
            /** @description What goes with the word. */
            reason_detail?: string | null;
            /** @description The same in simplified Chinese, where the engine or the partner said it so. */
            reason_detail_zh?: string | null;
            request_id?: string | null;
            side: components["schemas"]["HistorySide"];
            to: components["schemas"]["HistoryState"];
        };
        /** @description Lines that were deleted because they were too old. */
        ExpiredLines: {
            /** Format: date-time */
            at: string;
            /**
             * Format: int64
             * @description The number of the first line that may still be there.
             */
            before_line: number;
        };
        /** @description Why a half failed. */
        Failure: {
            /** @description A word of the engine or the console for programs. */
            code?: string | null;
            /** @description What happened and what to do, for operators of this side. */
            message: string;
            /** @description The same in simplified Chinese. */
            message_zh?: string | null;
            /** @description Names and numbers that go with it. */
            params: Record<string, never>;
            /** @description Whether another attempt may succeed. */
            retryable: boolean;
        };
        /**
         * @description What is wrong with a field; `said` where only `detail` tells.
         * @enum {string}
         */
        FieldCode: "required" | "too_long" | "too_short" | "too_large" | "out_of_range" | "not_unique" | "unknown_field" | "wrong_type" | "malformed" | "unknown_value" | "not_there" | "hidden_character" | "not_allowed" | "wrong" | "said";
        /** @description A number of the results. */
        Figure: {
            /** @description A word for programs. */
            name: string;
            /** Format: double */
            value: number;
        };
        /**
         * Format: binary
         * @description The bytes of a file.
         */
        FileBytes: string;
        /** @description An object that was written. */
        FileDocument: {
            /**
             * @description The word for one form. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            kind: "file";
            /** @description Its name among the objects. */
            object: string;
            /**
             * Format: int64
             * @description How many rows it has, if it is a table.
             */
            rows?: number | null;
            uri: string;
        };
        /** @description The first account. */
        FirstAdmin: {
            /** @description The code that the console printed when it started. */
            code: string;
            name: string;
            /** @description The organisation's name, as partners will see it; the one of the configuration where it is left out. */
            organization?: string | null;
            password: string;
        };
        /** @description How far a new console is on the way to its first run; each step with the id of what it was done with. */
        FirstSteps: {
            /** @description The partner's fingerprint was compared, or it has none. */
            confirmed: boolean;
            /** @description The task is paired. */
            paired: boolean;
            /** @description A partner that may be worked with. */
            partner?: string | null;
            /** @description A project that has an owner. */
            project?: string | null;
            /** @description A run is under way. */
            run: boolean;
            /** @description A task of that project. */
            task?: string | null;
        };
        /** @description What was found in a table, and how it was read. */
        FoundTable: {
            /** @description In their order; the first ones when there are very many. */
            columns: components["schemas"]["ColumnProfile"][];
            /** @description Columns that were not looked at, because there are so many. */
            columns_left_out: number;
            /** @description How the file is compressed. */
            compression?: string | null;
            /** @description The character between two fields. */
            delimiter: string;
            /** @description The text encoding, such as `UTF-8`. */
            encoding: string;
            /** @description The first of them. */
            first_unreadable: components["schemas"]["UnreadableRow"][];
            /** @description Whether the first line names the columns. */
            has_header: boolean;
            /**
             * Format: int64
             * @description Rows that could be read; a header is none.
             */
            rows: number;
            /**
             * Format: int64
             * @description Rows that could not.
             */
            unreadable: number;
        };
        /** @description A frequent value. */
        FrequentValue: {
            /** Format: int64 */
            count: number;
            /** @description Its text, cut off where it is long. */
            value: string;
        };
        /** @description What holds a run up. */
        HeldUp: {
            /** @description More about it. */
            detail?: string | null;
            reason: components["schemas"]["HeldUpReason"];
            /** Format: date-time */
            since: string;
        };
        /**
         * @description What holds a run up.
         * @enum {string}
         */
        HeldUpReason: "message_too_large" | "partner_store_full" | "store_full" | "partner_unreachable" | "partner_slow" | "partner_refuses" | "partner_behind";
        /** @description A bar of a histogram. */
        HistogramBar: {
            /** Format: int64 */
            count: number;
            /**
             * Format: double
             * @description Where it begins; this value belongs to it.
             */
            from: number;
            /**
             * Format: double
             * @description Where it ends; this value belongs to the next bar, but for the last one.
             */
            to: number;
        };
        /**
         * @description Whose half: ours, or the partner's as far as the partner told.
         * @enum {string}
         */
        HistorySide: "ours" | "partner";
        /**
         * @description What a half of a run has become; `deleted` when the partner deleted its half.
         * @enum {string}
         */
        HistoryState: "draft" | "ready" | "archive" | "running" | "failed" | "stopped" | "succeeded" | "awaiting_consent" | "starting" | "stopping" | "lost" | "deleted";
        /** @description A run of a paired task version. */
        Instance: {
            /**
             * Format: int32
             * @description From 1; a start again is a new attempt.
             */
            attempt: number;
            cannot?: components["schemas"]["RunBlockers"] | null;
            comment?: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            ended_at?: string | null;
            engine?: string | null;
            /** @description Why it failed, with everything that the engine said. */
            error?: unknown;
            failure?: components["schemas"]["Failure"] | null;
            /** Format: int64 */
            generation: number;
            held_up?: components["schemas"]["HeldUp"] | null;
            id: string;
            /** @description Whether the run was asked for here. */
            initiator: boolean;
            main_figure?: components["schemas"]["Figure"] | null;
            /** @description What the engine said. */
            message?: unknown;
            /** Format: date-time */
            modified_at: string;
            /**
             * Format: int32
             * @description Counts the runs of the task, from 1.
             */
            number?: number | null;
            pairing_id: string;
            partner: components["schemas"]["PartnerHalf"];
            /**
             * Format: double
             * @description From 0 to 1.
             */
            progress?: number | null;
            progress_text?: string | null;
            /** @description The same in simplified Chinese. */
            progress_text_zh?: string | null;
            project_id?: string | null;
            project_name?: string | null;
            /** Format: date-time */
            started_at?: string | null;
            started_by?: components["schemas"]["Starter"] | null;
            /** @description The state of this half. */
            status: components["schemas"]["RunStatus"];
            stop_cause?: components["schemas"]["RunStopCause"] | null;
            stop_reason?: string | null;
            /** @description The same as a word for programs. */
            stop_reason_code?: string | null;
            /** @description What goes with the word. */
            stop_reason_detail?: string | null;
            /** @description The same in simplified Chinese, where the engine or the partner said it so. */
            stop_reason_detail_zh?: string | null;
            task_id: string;
            task_name?: string | null;
            /** @description The first version of the task, for lists of all of its runs. */
            task_root_id?: string | null;
            task_type?: components["schemas"]["TaskType"] | null;
            task_version?: string | null;
            /**
             * Format: int32
             * @description The same in short, from 1.
             */
            task_version_number?: number | null;
            /**
             * Format: int32
             * @description How many warnings the present attempt has; a run may succeed with warnings.
             */
            warnings: number;
        };
        /** @description What changes; what is left out stays. */
        InstanceChange: {
            /** @description Null removes it. */
            comment?: string | null;
        };
        /** @description An invitation that was made here. */
        Invitation: {
            comment?: string | null;
            /** Format: date-time */
            created_at: string;
            created_by: string;
            /** Format: date-time */
            expires_at: string;
            id: string;
            /** @description Who used it. */
            partner_id?: string | null;
            state: components["schemas"]["InvitationState"];
            /** Format: date-time */
            used_at?: string | null;
        };
        /**
         * @description Whether an invitation can still be used.
         * @enum {string}
         */
        InvitationState: "open" | "used" | "revoked" | "expired";
        /** @description A fresh invitation with its code, which is shown this once. */
        Invited: {
            /** @description For the other side's administrator. Whoever holds it may pair. */
            code: string;
            invitation: components["schemas"]["Invitation"];
        };
        /** @description Anything else. */
        JsonDocument: {
            /**
             * @description The word for one form. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            kind: "json";
            /** @description What the engine said. */
            value: unknown;
        };
        /** @description The newest run of a project. */
        LastRun: {
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            ended_at?: string | null;
            id: string;
            status: components["schemas"]["RunStatus"];
        };
        /**
         * @description Which limit is reached.
         * @enum {string}
         */
        LimitCode: "partner_projects" | "partner_runs" | "partner_ended_runs" | "partner_versions" | "partner_places" | "all_partners_places" | "partner_request_bytes" | "partner_commands" | "partner_channel_bytes" | "user_files" | "user_uploads" | "user_streams";
        /**
         * @description What the figures of a limit count.
         * @enum {string}
         */
        LimitUnit: "bytes" | "count";
        /**
         * @description How far both sides know it: `draft` until the partner has answered.
         * @enum {string}
         */
        Link: "draft" | "ready" | "archive";
        /** @description A file of a list. */
        ListedObject: {
            cannot_change?: components["schemas"]["Blocker"] | null;
            /** Format: date-time */
            modified_at?: string | null;
            name: string;
            /** @description Who uploaded it, or owns the task that wrote it, where that is known. */
            owner_id?: string | null;
            /**
             * Format: int64
             * @description In bytes.
             */
            size: number;
            /** @description What a resource refers to it by. */
            uri: string;
            /**
             * Format: int64
             * @description How many task versions it is attached to.
             */
            uses: number;
        };
        /** @description A part of a list. */
        Listing_Instance: {
            /** @description The rows, newest first. */
            items: {
                /**
                 * Format: int32
                 * @description From 1; a start again is a new attempt.
                 */
                attempt: number;
                cannot?: components["schemas"]["RunBlockers"] | null;
                comment?: string | null;
                /** Format: date-time */
                created_at: string;
                /** Format: date-time */
                ended_at?: string | null;
                engine?: string | null;
                /** @description Why it failed, with everything that the engine said. */
                error?: unknown;
                failure?: components["schemas"]["Failure"] | null;
                /** Format: int64 */
                generation: number;
                held_up?: components["schemas"]["HeldUp"] | null;
                id: string;
                /** @description Whether the run was asked for here. */
                initiator: boolean;
                main_figure?: components["schemas"]["Figure"] | null;
                /** @description What the engine said. */
                message?: unknown;
                /** Format: date-time */
                modified_at: string;
                /**
                 * Format: int32
                 * @description Counts the runs of the task, from 1.
                 */
                number?: number | null;
                pairing_id: string;
                partner: components["schemas"]["PartnerHalf"];
                /**
                 * Format: double
                 * @description From 0 to 1.
                 */
                progress?: number | null;
                progress_text?: string | null;
                /** @description The same in simplified Chinese. */
                progress_text_zh?: string | null;
                project_id?: string | null;
                project_name?: string | null;
                /** Format: date-time */
                started_at?: string | null;
                started_by?: components["schemas"]["Starter"] | null;
                /** @description The state of this half. */
                status: components["schemas"]["RunStatus"];
                stop_cause?: components["schemas"]["RunStopCause"] | null;
                stop_reason?: string | null;
                /** @description The same as a word for programs. */
                stop_reason_code?: string | null;
                /** @description What goes with the word. */
                stop_reason_detail?: string | null;
                /** @description The same in simplified Chinese, where the engine or the partner said it so. */
                stop_reason_detail_zh?: string | null;
                task_id: string;
                task_name?: string | null;
                /** @description The first version of the task, for lists of all of its runs. */
                task_root_id?: string | null;
                task_type?: components["schemas"]["TaskType"] | null;
                task_version?: string | null;
                /**
                 * Format: int32
                 * @description The same in short, from 1.
                 */
                task_version_number?: number | null;
                /**
                 * Format: int32
                 * @description How many warnings the present attempt has; a run may succeed with warnings.
                 */
                warnings: number;
            }[];
            /** @description What to ask the next part with; null at the end. */
            next_cursor?: string | null;
        };
        /** @description A part of a list. */
        Listing_Invitation: {
            /** @description The rows, newest first. */
            items: {
                comment?: string | null;
                /** Format: date-time */
                created_at: string;
                created_by: string;
                /** Format: date-time */
                expires_at: string;
                id: string;
                /** @description Who used it. */
                partner_id?: string | null;
                state: components["schemas"]["InvitationState"];
                /** Format: date-time */
                used_at?: string | null;
            }[];
            /** @description What to ask the next part with; null at the end. */
            next_cursor?: string | null;
        };
        /** @description A part of a list. */
        Listing_ListedObject: {
            /** @description The rows, newest first. */
            items: {
                cannot_change?: components["schemas"]["Blocker"] | null;
                /** Format: date-time */
                modified_at?: string | null;
                name: string;
                /** @description Who uploaded it, or owns the task that wrote it, where that is known. */
                owner_id?: string | null;
                /**
                 * Format: int64
                 * @description In bytes.
                 */
                size: number;
                /** @description What a resource refers to it by. */
                uri: string;
                /**
                 * Format: int64
                 * @description How many task versions it is attached to.
                 */
                uses: number;
            }[];
            /** @description What to ask the next part with; null at the end. */
            next_cursor?: string | null;
        };
        /** @description A part of a list. */
        Listing_OutboxMessage: {
            /** @description The rows, newest first. */
            items: {
                /** @description The id of what it is about. */
                about: string;
                /** Format: int32 */
                attempts: number;
                /** Format: date-time */
                created_at: string;
                id: string;
                /** @description What it says. */
                kind: string;
                last_error?: string | null;
                /** @description The same in simplified Chinese; null where they are the partner's own words. */
                last_error_zh?: string | null;
                /** Format: date-time */
                next_attempt_at: string;
                partner_id: string;
                partner_name?: string | null;
                state: components["schemas"]["OutboxState"];
            }[];
            /** @description What to ask the next part with; null at the end. */
            next_cursor?: string | null;
        };
        /** @description A part of a list. */
        Listing_Partner: {
            /** @description The rows, newest first. */
            items: {
                address: string;
                announced?: components["schemas"]["AnnouncedAddress"] | null;
                /** @description What keeps the caller from changing how far it is trusted. */
                cannot: components["schemas"]["TrustBlockers"];
                cannot_run?: components["schemas"]["Blocker"] | null;
                capabilities: string[];
                /**
                 * Format: int64
                 * @description The partner's clock less this one's, in milliseconds.
                 */
                clock_offset_ms?: number | null;
                comment?: string | null;
                /** Format: date-time */
                created_at: string;
                /** @description Of the partner's key, in groups of four digits; null for a base partner. */
                fingerprint?: string | null;
                /** Format: date-time */
                fingerprint_confirmed_at?: string | null;
                /** Format: int64 */
                generation: number;
                id: string;
                last_error?: string | null;
                /** @description The same in simplified Chinese, where it is not in the partner's own words. */
                last_error_zh?: string | null;
                /** Format: date-time */
                last_seen_at?: string | null;
                /** Format: date-time */
                modified_at: string;
                name: string;
                /** @description Of this console's key, to be compared with what the partner's operators see. */
                our_fingerprint: string;
                /** Format: int32 */
                protocol_level?: number | null;
                /** @description The limits of this console that it has reached. */
                reached_limits: components["schemas"]["ReachedLimit"][];
                trust: components["schemas"]["Trust"];
                /**
                 * Format: int64
                 * @description Messages that wait for the partner.
                 */
                waiting_messages: number;
                /** @description What an administrator should know about the trust in this partner. */
                warning?: string | null;
            }[];
            /** @description What to ask the next part with; null at the end. */
            next_cursor?: string | null;
        };
        /** @description A part of a list. */
        Listing_Project: {
            /** @description The rows, newest first. */
            items: {
                /** Format: date-time */
                archived_at?: string | null;
                comment?: string | null;
                /** @description This side's config, which the partner sees; null in lists. */
                config?: unknown;
                /** Format: date-time */
                created_at: string;
                /** Format: int64 */
                generation: number;
                id: string;
                last_run?: components["schemas"]["LastRun"] | null;
                /** Format: date-time */
                modified_at: string;
                /** @description Null until somebody takes a project that the partner made. */
                name?: string | null;
                outstanding?: components["schemas"]["Outstanding"] | null;
                /** @description Null until somebody takes it. */
                owner_id?: string | null;
                partner_id?: string | null;
                partner_name?: string | null;
                /** @description The partner's config; null in lists. */
                peer_config?: unknown;
                /** Format: date-time */
                peer_config_at?: string | null;
                /** @description The partner's id of it. */
                peer_id?: string | null;
                /** @description `draft` until the partner knows it. */
                status: components["schemas"]["Link"];
                /**
                 * Format: int64
                 * @description How many tasks it has.
                 */
                tasks: number;
            }[];
            /** @description What to ask the next part with; null at the end. */
            next_cursor?: string | null;
        };
        /** @description A part of a list. */
        Listing_Task: {
            /** @description The rows, newest first. */
            items: {
                /**
                 * Format: date-time
                 * @description When this version was put away.
                 */
                archived_at?: string | null;
                cannot_change?: components["schemas"]["Blocker"] | null;
                cannot_copy?: components["schemas"]["Blocker"] | null;
                cannot_pair?: components["schemas"]["Blocker"] | null;
                cannot_remove?: components["schemas"]["Blocker"] | null;
                cannot_run?: components["schemas"]["Blocker"] | null;
                /** @description In lists of versions: the keys of config and meta whose values differ from those of the version before; null where that is not known. */
                changed_keys?: string[] | null;
                comment?: string | null;
                /** @description Private; null in lists. */
                config?: unknown;
                /** Format: date-time */
                created_at: string;
                /** @description Null means the console's default. */
                engine?: string | null;
                /** Format: int64 */
                generation: number;
                id: string;
                /** @description Public: the partner may read it; null in lists. */
                meta?: unknown;
                /** Format: date-time */
                modified_at: string;
                name: string;
                owner_id?: string | null;
                pairing?: components["schemas"]["PairingState"] | null;
                /** @description What the engine finds wrong with the config; only in answers to creating, changing and copying. */
                problems: components["schemas"]["ConfigProblem"][];
                project_id: string;
                /** @description Whether it is the first version. */
                root: boolean;
                task_type: components["schemas"]["TaskType"];
                token?: string | null;
                version: string;
                /**
                 * Format: int32
                 * @description The same in short, from 1; null where it is not known.
                 */
                version_number?: number | null;
            }[];
            /** @description What to ask the next part with; null at the end. */
            next_cursor?: string | null;
        };
        /** @description A part of a list. */
        Listing_TaskSummary: {
            /** @description The rows, newest first. */
            items: {
                newest?: components["schemas"]["Task"] | null;
                root: components["schemas"]["Task"];
                /** Format: int64 */
                versions: number;
            }[];
            /** @description What to ask the next part with; null at the end. */
            next_cursor?: string | null;
        };
        /** @description A part of a list. */
        Listing_User: {
            /** @description The rows, newest first. */
            items: {
                cannot_change?: components["schemas"]["Blocker"] | null;
                cannot_change_access?: components["schemas"]["Blocker"] | null;
                comment?: string | null;
                /** Format: date-time */
                created_at: string;
                /**
                 * Format: date-time
                 * @description Since when he cannot sign in.
                 */
                disabled_at?: string | null;
                /** Format: int64 */
                generation: number;
                id: string;
                name: string;
                permissions: components["schemas"]["UserPermissions"];
                /** @description What the account may do whoever owns the row. */
                rights: components["schemas"]["Right"][];
                role: components["schemas"]["UserRole"];
                /** Format: date-time */
                signed_in_at?: string | null;
            }[];
            /** @description What to ask the next part with; null at the end. */
            next_cursor?: string | null;
        };
        /** @description A part of a log. */
        Log: {
            expired?: components["schemas"]["ExpiredLines"] | null;
            /**
             * Format: int64
             * @description The number of the first line.
             */
            first_line: number;
            lines: components["schemas"]["LogLine"][];
            /** @description Whether there may be more behind it by now. */
            more: boolean;
            /**
             * Format: int64
             * @description What to ask the next part `from`. It moves on without lines when none of those that were looked at is wanted.
             */
            next_line: number;
        };
        /** @description The data of a `lines` frame of a log that is followed. */
        LogFrameData: {
            /**
             * Format: int64
             * @description The number of the first line.
             */
            first_line: number;
            lines: components["schemas"]["LogLine"][];
            /**
             * Format: int64
             * @description The number of the line behind the last; the frame's `id`, too.
             */
            next_line: number;
        };
        /**
         * @description How much a line matters.
         * @enum {string}
         */
        LogLevel: "debug" | "info" | "warn" | "error";
        /** @description A log line. */
        LogLine: {
            /** Format: date-time */
            at: string;
            level: components["schemas"]["LogLevel"];
            /**
             * Format: int64
             * @description Its number in the attempt, from 0.
             */
            line: number;
            /** @description Which part of the job said it. */
            role: string;
            text: string;
            /** @description The same in simplified Chinese, if the engine said it so. */
            zh?: string | null;
        };
        /** @description A figure of a result that says in one number how a run went. */
        MainFigure: {
            /** @description Whether a larger number is better; null where neither is. */
            larger_is_better?: boolean | null;
            /** @description The name of the number in it. */
            name: string;
            /** @description The name of the result. */
            result: string;
        };
        /** @description A curve. */
        Metric: {
            name: string;
            /** @description By step. */
            points: components["schemas"]["MetricPoint"][];
            /**
             * Format: int64
             * @description How many points it has behind `after_step`, those that were left out included.
             */
            total: number;
        };
        /** @description A point of a curve. */
        MetricPoint: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            step: number;
            /** Format: double */
            value: number;
        };
        /** @description Somebody, by id, with the name. */
        Named: {
            id: string;
            name: string;
        };
        /** @description A number of things. */
        NamedCount: {
            /** Format: int64 */
            count: number;
            /** @description Of what: a word such as `own_rows`, unique in the document. */
            name: string;
        };
        /** @description A number that says how good something is. */
        NamedScore: {
            /** @description What it measures: a word such as `auc`, unique in the document. */
            name: string;
            /**
             * Format: double
             * @description Null when it is not defined here.
             */
            value?: number | null;
        };
        /** @description A partner that runs the original console. */
        NewBasePartner: {
            /** @description Has to be true: its calls are not signed. */
            accept_unsigned?: boolean;
            /** @description Exactly as that console names itself in `peer_url`. */
            address: string;
            comment?: string | null;
            name: string;
        };
        /** @description A run to begin. */
        NewInstance: {
            comment?: string | null;
        };
        /** @description What is needed for an invitation. */
        NewInvitation: {
            comment?: string | null;
        };
        /** @description What is needed for a project. */
        NewProject: {
            comment?: string | null;
            /** @description An object that the partner sees. */
            config?: {
                [key: string]: unknown;
            } | null;
            /** @description Unique. */
            name: string;
            partner_id: string;
        };
        /** @description What is needed for a task. */
        NewTask: {
            comment?: string | null;
            /** @description Private. */
            config?: {
                [key: string]: unknown;
            } | null;
            engine?: string | null;
            /** @description Public: the partner may read it. */
            meta?: {
                [key: string]: unknown;
            } | null;
            /** @description Unique among the project's tasks. */
            name: string;
            task_type: components["schemas"]["TaskType"];
            /** @description The word that the operators of both sides agreed on; it can be given later. */
            token?: string | null;
        };
        /** @description What is needed for an account. */
        NewUser: {
            comment?: string | null;
            name: string;
            password: string;
            permissions?: components["schemas"]["UserPermissions"] | null;
            role: components["schemas"]["Role"];
        };
        /** @description What the numbers of a column are like. */
        NumberProfile: {
            /** @description Whether quantiles and histogram may be off; their ranks then are by less than 1 %. */
            are_estimates: boolean;
            /**
             * Format: double
             * @description The standard deviation of a sample; 0 for one value.
             */
            deviation: number;
            /** @description Bars of the same width from the smallest to the largest. */
            histogram: components["schemas"]["HistogramBar"][];
            /** Format: double */
            mean: number;
            /** @description At 1, 5, 25, 50, 75, 95 and 99 %. */
            quantiles: components["schemas"]["Quantile"][];
        };
        /** @description A file and what uses it. */
        ObjectInfo: {
            object: components["schemas"]["StoredObject"];
            used_by: components["schemas"]["ObjectUse"][];
        };
        /** @description A task version that a file is attached to. */
        ObjectUse: {
            /** @description Whether the version is paired, so that what it uses does not change any more. */
            is_paired: boolean;
            task_id: string;
            task_name?: string | null;
            task_version?: string | null;
            /**
             * Format: int32
             * @description The same in short, from 1.
             */
            task_version_number?: number | null;
        };
        /** @description A message to a partner. */
        OutboxMessage: {
            /** @description The id of what it is about. */
            about: string;
            /** Format: int32 */
            attempts: number;
            /** Format: date-time */
            created_at: string;
            id: string;
            /** @description What it says. */
            kind: string;
            last_error?: string | null;
            /** @description The same in simplified Chinese; null where they are the partner's own words. */
            last_error_zh?: string | null;
            /** Format: date-time */
            next_attempt_at: string;
            partner_id: string;
            partner_name?: string | null;
            state: components["schemas"]["OutboxState"];
        };
        /**
         * @description What became of a message.
         * @enum {string}
         */
        OutboxState: "waiting" | "delivered" | "refused" | "given_up";
        /** @description A message about a project that the partner does not have. */
        Outstanding: {
            last_error?: string | null;
            /** @description The same in simplified Chinese; null where they are the partner's own words. */
            last_error_zh?: string | null;
            /** Format: date-time */
            since: string;
            /** @description `waiting` or `refused`. */
            state: components["schemas"]["OutboxState"];
        };
        /** @description What an operator wants to know first, in one answer. */
        Overview: {
            attention: components["schemas"]["Attention"];
            /** @description What failed or was lost last. */
            failed: components["schemas"]["Instance"][];
            first_steps?: components["schemas"]["FirstSteps"] | null;
            /** @description The partners that are not un-paired. */
            partners: components["schemas"]["Partner"][];
            /** @description What ended last, well or not. */
            recent: components["schemas"]["Instance"][];
            /** @description What runs, or was asked for here and waits for the partner; newest first. */
            running: components["schemas"]["Instance"][];
        };
        /** @description The link between this side's task version and the partner's. */
        Pairing: {
            /** Format: date-time */
            created_at: string;
            /** @description Why it could not be paired; it can be asked for again. */
            error?: string | null;
            /** @description The same as a word for programs. */
            error_code?: string | null;
            /** Format: int64 */
            generation: number;
            id: string;
            /** @description Whether this side asked. */
            initiated_here: boolean;
            /** Format: date-time */
            modified_at: string;
            /** @description The partner's id of it. */
            peer_id?: string | null;
            /** @description What the partner says of its half in public. */
            peer_meta?: unknown;
            /** Format: date-time */
            peer_meta_at?: string | null;
            /** @description The settings that both sides must agree on, those that differ first; null where the partner did not tell its own. */
            shared_settings?: components["schemas"]["SharedSetting"][] | null;
            status: components["schemas"]["Link"];
            task_id: string;
        };
        /** @description How far a version is paired. */
        PairingState: {
            /** @description Why it could not be paired; it can be asked for again. */
            error?: string | null;
            /** @description The same as a word for programs: the reasons of the peer protocol, `answer_lost`, or `refused` for any other. */
            error_code?: string | null;
            id: string;
            status: components["schemas"]["Link"];
        };
        /** @description A partner: the other organisation's console. */
        Partner: {
            address: string;
            announced?: components["schemas"]["AnnouncedAddress"] | null;
            /** @description What keeps the caller from changing how far it is trusted. */
            cannot: components["schemas"]["TrustBlockers"];
            cannot_run?: components["schemas"]["Blocker"] | null;
            capabilities: string[];
            /**
             * Format: int64
             * @description The partner's clock less this one's, in milliseconds.
             */
            clock_offset_ms?: number | null;
            comment?: string | null;
            /** Format: date-time */
            created_at: string;
            /** @description Of the partner's key, in groups of four digits; null for a base partner. */
            fingerprint?: string | null;
            /** Format: date-time */
            fingerprint_confirmed_at?: string | null;
            /** Format: int64 */
            generation: number;
            id: string;
            last_error?: string | null;
            /** @description The same in simplified Chinese, where it is not in the partner's own words. */
            last_error_zh?: string | null;
            /** Format: date-time */
            last_seen_at?: string | null;
            /** Format: date-time */
            modified_at: string;
            name: string;
            /** @description Of this console's key, to be compared with what the partner's operators see. */
            our_fingerprint: string;
            /** Format: int32 */
            protocol_level?: number | null;
            /** @description The limits of this console that it has reached. */
            reached_limits: components["schemas"]["ReachedLimit"][];
            trust: components["schemas"]["Trust"];
            /**
             * Format: int64
             * @description Messages that wait for the partner.
             */
            waiting_messages: number;
            /** @description What an administrator should know about the trust in this partner. */
            warning?: string | null;
        };
        /** @description What changes; what is left out stays. */
        PartnerChange: {
            address?: string | null;
            /** @description Null removes it. */
            comment?: string | null;
            name?: string | null;
        };
        /** @description What the partner said last of its half. */
        PartnerHalf: {
            detail?: string | null;
            /** @description The same in simplified Chinese, if it said that. */
            detail_zh?: string | null;
            /** @description Of a failure: why, as a word of its engine or console. */
            failure_code?: string | null;
            /**
             * Format: date-time
             * @description When it was found to have deleted its half.
             */
            gone_at?: string | null;
            id?: string | null;
            instance_id?: string | null;
            name?: string | null;
            /** @description Of a failure: whether another attempt may succeed; null when it does not say. */
            retryable?: boolean | null;
            /** Format: date-time */
            seen_at?: string | null;
            status?: components["schemas"]["RunStatus"] | null;
        };
        /** @description A new password. */
        PasswordChange: {
            new_password: string;
            /** @description Needed for one's own. */
            old_password?: string | null;
        };
        /** @description What a code says. */
        Preview: {
            address: string;
            /** @description Whether that is over, by this console's clock. */
            expired: boolean;
            /** Format: date-time */
            expires_at: string;
            fingerprint: string;
            /** @description The partner that has this key already. */
            known_as?: string | null;
            name: string;
            our_fingerprint: string;
        };
        /** @description An error as clients see it. */
        Problem: {
            /** @description A stable word for programs. */
            code: components["schemas"]["ErrorCode"];
            /** @description What happened and what to do. */
            detail: string;
            /** @description The same in simplified Chinese, where it says more than the code. */
            detail_zh?: string | null;
            /** @description The wrong parts of the input. */
            errors?: components["schemas"]["ProblemPart"][];
            /** @description The id of the request, for the log. */
            request_id: string;
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            /** @description The status in words. */
            title: string;
            /** @description Always `about:blank`; `code` tells problems apart. */
            type: string;
        };
        /** @description A wrong part of the input. */
        ProblemPart: {
            /** @description What is wrong, as a word for programs. */
            code: components["schemas"]["FieldCode"];
            /** @description What is wrong and what to do. */
            detail: string;
            /** @description The same in simplified Chinese, where the detail says more than the code. */
            detail_zh?: string | null;
            /**
             * Format: int64
             * @description The least that is allowed, where that is the matter.
             */
            least?: number | null;
            /**
             * Format: int64
             * @description The most that is allowed, where that is the matter.
             */
            most?: number | null;
            /** @description The names and numbers of what an engine found. */
            params?: Record<string, never>;
            /** @description A JSON Pointer into the request body, or the name of a query parameter. */
            pointer: string;
            /** @description The word of an engine for what it found, where the code is `said`. */
            reason?: string | null;
        };
        /**
         * @description How far it is.
         * @enum {string}
         */
        ProfileState: "waiting" | "made" | "failed";
        /** @description A project: a cooperation with one partner. */
        Project: {
            /** Format: date-time */
            archived_at?: string | null;
            comment?: string | null;
            /** @description This side's config, which the partner sees; null in lists. */
            config?: unknown;
            /** Format: date-time */
            created_at: string;
            /** Format: int64 */
            generation: number;
            id: string;
            last_run?: components["schemas"]["LastRun"] | null;
            /** Format: date-time */
            modified_at: string;
            /** @description Null until somebody takes a project that the partner made. */
            name?: string | null;
            outstanding?: components["schemas"]["Outstanding"] | null;
            /** @description Null until somebody takes it. */
            owner_id?: string | null;
            partner_id?: string | null;
            partner_name?: string | null;
            /** @description The partner's config; null in lists. */
            peer_config?: unknown;
            /** Format: date-time */
            peer_config_at?: string | null;
            /** @description The partner's id of it. */
            peer_id?: string | null;
            /** @description `draft` until the partner knows it. */
            status: components["schemas"]["Link"];
            /**
             * Format: int64
             * @description How many tasks it has.
             */
            tasks: number;
        };
        /** @description What changes; what is left out stays. A name or an owner takes a project that the partner made. */
        ProjectChange: {
            /** @description Null removes it. */
            comment?: string | null;
            /** @description Replaces the whole; null empties it. A base partner merges it over what it has. */
            config?: {
                [key: string]: unknown;
            } | null;
            name?: string | null;
            /** @description Root or an admin. */
            owner_id?: string | null;
        };
        /** @description What the check of a project's connection found. */
        ProjectCheck: {
            /** Format: date-time */
            at: string;
            /** @description Whether the partner knows the project. */
            connected: boolean;
            /** @description What is wrong. */
            detail?: string | null;
        };
        /** @description A value, and the share of values that are not greater. */
        Quantile: {
            /**
             * Format: double
             * @description From 0 to 1.
             */
            rank: number;
            /** Format: double */
            value: number;
        };
        /** @description A limit that a partner or a user has reached: further things are refused or wait. It is told as long as it lasts. */
        ReachedLimit: {
            code: components["schemas"]["LimitCode"];
            /**
             * Format: int64
             * @description How much was taken when something was refused last.
             */
            figure: number;
            /**
             * Format: int64
             * @description How much may be taken.
             */
            limit: number;
            partner?: components["schemas"]["Named"] | null;
            /** @description The setting by which an administrator changes the limit; null where the program has set it. */
            setting?: string | null;
            /**
             * Format: date-time
             * @description When something was refused first.
             */
            since: string;
            unit: components["schemas"]["LimitUnit"];
            user?: components["schemas"]["Named"] | null;
        };
        /** @description How a part of the background work is doing. */
        Reconciler: {
            /** @description Why the last pass failed. */
            last_error?: string | null;
            /** Format: date-time */
            last_pass?: string | null;
            /** @description A pass should have ended by now. */
            overdue: boolean;
            /** Format: int64 */
            passes: number;
        };
        /** @description A call of a partner, or of a console that is none, that was refused here. */
        RefusedCall: {
            /** @description Where the call came from. */
            address?: string | null;
            /**
             * Format: date-time
             * @description The last time.
             */
            at: string;
            /** @description What was asked for: method and path without ids. */
            call: string;
            /** @description The partner's name, or the address that the caller gives as its own. */
            caller?: string | null;
            /**
             * Format: int64
             * @description How often it was refused for this reason.
             */
            count: number;
            /** @description Null for a console that is no partner here. */
            partner_id?: string | null;
            /** @description What the caller was told. */
            reason: string;
            /** @description The same in simplified Chinese, where its code says it. */
            reason_zh?: string | null;
        };
        /** @description An object attached to a task version. */
        Resource: {
            comment?: string | null;
            config?: unknown;
            deletion?: components["schemas"]["Deletion"] | null;
            id: string;
            /** @description Unique in the version; the task's config names it. */
            name: string;
            task_id: string;
            /** @description Where the bytes are. */
            uri: string;
        };
        /**
         * @description What an account may do.
         * @enum {string}
         */
        Right: "manage_users" | "manage_admins" | "manage_partners" | "manage_projects" | "create_tasks" | "change_all_tasks" | "write_objects" | "delete_all_objects" | "run" | "system";
        /**
         * @description A role that can be given.
         * @enum {string}
         */
        Role: "root" | "admin" | "default";
        /** @description What keeps the caller from working with a run in each of the ways; null where nothing does. */
        RunBlockers: {
            copy_task?: components["schemas"]["Blocker"] | null;
            delete?: components["schemas"]["Blocker"] | null;
            run_again?: components["schemas"]["Blocker"] | null;
            start?: components["schemas"]["Blocker"] | null;
            stop?: components["schemas"]["Blocker"] | null;
            stop_partner?: components["schemas"]["Blocker"] | null;
        };
        /** @description A result. */
        RunResult: {
            /** Format: date-time */
            at: string;
            /** @description Of a file: its content was deleted. */
            deleted: boolean;
            document: components["schemas"]["Document"];
            /** @description Unique in the attempt. */
            name: string;
            /** @description Of a file: it cannot be seen yet, since the other side has not said that it ended well. */
            pending: boolean;
        };
        /**
         * @description The state of one half of a run.
         * @enum {string}
         */
        RunStatus: "draft" | "ready" | "archive" | "running" | "failed" | "stopped" | "succeeded" | "awaiting_consent" | "starting" | "stopping" | "lost";
        /**
         * @description Why a run was stopped.
         * @enum {string}
         */
        RunStopCause: "operator" | "partner_stopped" | "partner_failed" | "partner_silent";
        /** @description Something that the operators here should know of a run that may have ended well. */
        RunWarning: {
            /** @description For programs. */
            code: string;
            /** @description The text in English. */
            en: string;
            /** @description The text in simplified Chinese. */
            zh?: string | null;
        };
        /** @description Numbers that say how good something is. */
        ScoresDocument: {
            /**
             * @description The word for one form. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            kind: "scores";
            /** @description On which rows, for example `validation`. */
            part?: string | null;
            /**
             * Format: int64
             * @description On how many rows.
             */
            rows?: number | null;
            /** @description In the order in which they are shown. */
            scores: components["schemas"]["NamedScore"][];
        };
        /** @description A new session. Browsers have it as a cookie; scripts send the token as `Authorization: Bearer`. */
        Session: {
            /**
             * Format: date-time
             * @description When it ends at the latest.
             */
            expires_at: string;
            token: string;
            user: components["schemas"]["WhoAmI"];
        };
        /** @description Whether the console waits for its first account. */
        SetupStatus: {
            needed: boolean;
            /** @description What people or the configuration call the organisation, if they do. */
            organization?: string | null;
            /** @description Whether the caller has a session: a page that asks this first needs no refused call to find out. */
            signed_in: boolean;
            user?: components["schemas"]["WhoAmI"] | null;
        };
        /** @description A setting that both sides must agree on. */
        SharedSetting: {
            /** @description Whether the two go together. */
            agrees: boolean;
            /** @description Whether `take-settings` can make them agree. */
            can_take: boolean;
            /** @description Its key in the config. */
            key: string;
            /** @description As this side tells it: a value, how many entries a list has, or whether there is a value. */
            ours: unknown;
            /** @description As the partner tells it. */
            theirs: unknown;
        };
        /** @description The user who asked for a run. */
        Starter: {
            id: string;
            /** @description Null for an account that is gone, and for commands beside the console. */
            name?: string | null;
        };
        /**
         * @description How a step ended.
         * @enum {string}
         */
        StepOutcome: "passed" | "warned" | "failed" | "skipped";
        /** @description A file of the operators. */
        StoredObject: {
            cannot_change?: components["schemas"]["Blocker"] | null;
            deletion?: components["schemas"]["Deletion"] | null;
            /** Format: date-time */
            modified_at?: string | null;
            name: string;
            /** @description Who uploaded it, or owns the task that wrote it, where that is known. */
            owner_id?: string | null;
            /** @description The file of which it is a new version. */
            previous_name?: string | null;
            /** @description Lower-case hexadecimal SHA-256 of the content, where it is known. */
            sha256?: string | null;
            /**
             * Format: int64
             * @description In bytes.
             */
            size: number;
            /** @description What a resource refers to it by. */
            uri: string;
        };
        /** @description Facts about this console. */
        System: {
            /** @description The console's address as partners see it. */
            base_url: string;
            /** @description To be compared with what the partner's operators see. */
            fingerprint: string;
            /** @description The organisation's name as partners see it. */
            name: string;
            public_key: string;
            /** @description The background work. */
            reconcilers: {
                [key: string]: components["schemas"]["Reconciler"];
            };
            /**
             * @description Requests that were refused for their size (413), their number (429), for want of room (503) or because they came
             *     too slowly (408), since the start of the process.
             */
            refused_requests: {
                [key: string]: number;
            };
            /** @description Runs that this process looks after. */
            running_jobs: number;
            /** Format: date-time */
            started_at: string;
            version: string;
            /**
             * Format: int64
             * @description Messages that wait for partners.
             */
            waiting_messages: number;
        };
        /** @description What changes about this console. */
        SystemChange: {
            /** @description The organisation's name, as partners see it. Those that are paired keep the one that they know. */
            name: string;
        };
        /** @description Rows and columns. */
        TableDocument: {
            /** @description The names of the columns. */
            columns: string[];
            /**
             * @description The word for one form. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            kind: "table";
            /** @description The rows, each with a value for each column: a number, a text, a truth value or null. */
            rows: unknown[][];
        };
        /** @description The beginning of a table, with what an engine of this console finds out about the file by itself. */
        TablePreview: {
            /** @description All columns. */
            column_count: number;
            /** @description The columns' names, or their numbers from 1; the first ones when there are very many. */
            columns: string[];
            /** @description How the file is compressed. */
            compression?: string | null;
            /** @description The character between two fields. */
            delimiter: string;
            /** @description The text encoding, such as `UTF-8`. */
            encoding: string;
            /** @description Whether the first line is taken for the names of the columns. */
            has_header: boolean;
            /** @description Which of them, from 0, an engine added for itself: nobody chooses them in a config. */
            internal: number[];
            /** @description Whether it looks as if it names them, as far as one can tell from it. */
            looks_like_header: boolean;
            /** @description Which of these fields stand for a missing value: row and column, from 0. */
            missing: number[][];
            /** @description What is wrong behind these rows. */
            problem?: string | null;
            /** @description The same in simplified Chinese, if the engine says it so. */
            problem_zh?: string | null;
            /** @description The first rows. Long fields are shortened and end in `…`. */
            rows: string[][];
        };
        /** @description What is in the table of a file. */
        TableProfile: {
            /**
             * Format: int64
             * @description How many of them have been read.
             */
            bytes_read: number;
            /** @description Why nothing was found. */
            failure?: string | null;
            /** @description The same in simplified Chinese. */
            failure_zh?: string | null;
            found?: components["schemas"]["FoundTable"] | null;
            /**
             * Format: int64
             * @description Rows so far.
             */
            rows_read: number;
            /**
             * Format: int64
             * @description The file's size in bytes.
             */
            size: number;
            state: components["schemas"]["ProfileState"];
        };
        /** @description One version of this side's half of a piece of work. */
        Task: {
            /**
             * Format: date-time
             * @description When this version was put away.
             */
            archived_at?: string | null;
            cannot_change?: components["schemas"]["Blocker"] | null;
            cannot_copy?: components["schemas"]["Blocker"] | null;
            cannot_pair?: components["schemas"]["Blocker"] | null;
            cannot_remove?: components["schemas"]["Blocker"] | null;
            cannot_run?: components["schemas"]["Blocker"] | null;
            /** @description In lists of versions: the keys of config and meta whose values differ from those of the version before; null where that is not known. */
            changed_keys?: string[] | null;
            comment?: string | null;
            /** @description Private; null in lists. */
            config?: unknown;
            /** Format: date-time */
            created_at: string;
            /** @description Null means the console's default. */
            engine?: string | null;
            /** Format: int64 */
            generation: number;
            id: string;
            /** @description Public: the partner may read it; null in lists. */
            meta?: unknown;
            /** Format: date-time */
            modified_at: string;
            name: string;
            owner_id?: string | null;
            pairing?: components["schemas"]["PairingState"] | null;
            /** @description What the engine finds wrong with the config; only in answers to creating, changing and copying. */
            problems: components["schemas"]["ConfigProblem"][];
            project_id: string;
            /** @description Whether it is the first version. */
            root: boolean;
            task_type: components["schemas"]["TaskType"];
            token?: string | null;
            version: string;
            /**
             * Format: int32
             * @description The same in short, from 1; null where it is not known.
             */
            version_number?: number | null;
        };
        /** @description What changes; what is left out stays. Name, type, token and engine belong to the first version. */
        TaskChange: {
            /** @description Null removes it. */
            comment?: string | null;
            /** @description Replaces the whole; null empties it. */
            config?: {
                [key: string]: unknown;
            } | null;
            /** @description Null means the console's default. */
            engine?: string | null;
            /** @description Replaces the whole; null empties it. */
            meta?: {
                [key: string]: unknown;
            } | null;
            name?: string | null;
            task_type?: components["schemas"]["TaskType"] | null;
            /** @description Null removes it. */
            token?: string | null;
        };
        /** @description A task: its first and its newest version. */
        TaskSummary: {
            newest?: components["schemas"]["Task"] | null;
            root: components["schemas"]["Task"];
            /** Format: int64 */
            versions: number;
        };
        /**
         * @description `sample` joins, `train` trains.
         * @enum {string}
         */
        TaskType: "sample" | "train";
        /**
         * @description How far a partner is trusted; `base` speaks the original's protocol, unsigned.
         * @enum {string}
         */
        Trust: "pending" | "paired" | "suspended" | "unpaired" | "base";
        /**
         * @description What keeps the caller from changing how far a partner is trusted; null where nothing does. Projects that are left keep a
         *     partner from being deleted all the same.
         */
        TrustBlockers: {
            delete?: components["schemas"]["Blocker"] | null;
            resume?: components["schemas"]["Blocker"] | null;
            suspend?: components["schemas"]["Blocker"] | null;
            unpair?: components["schemas"]["Blocker"] | null;
        };
        /** @description Why a pairing ends. */
        Unpairing: {
            /** @description For the partner's operators. */
            reason?: string;
        };
        /** @description A row that cannot be read. */
        UnreadableRow: {
            /** @description The kind of the fault, as a word. */
            code: string;
            /**
             * Format: int64
             * @description The line on which it begins, from 1.
             */
            line: number;
            /** @description Why. */
            reason: string;
            /** @description The same in simplified Chinese. */
            reason_zh?: string | null;
        };
        /** @description A person who signs in. */
        User: {
            cannot_change?: components["schemas"]["Blocker"] | null;
            cannot_change_access?: components["schemas"]["Blocker"] | null;
            comment?: string | null;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description Since when he cannot sign in.
             */
            disabled_at?: string | null;
            /** Format: int64 */
            generation: number;
            id: string;
            name: string;
            permissions: components["schemas"]["UserPermissions"];
            /** @description What the account may do whoever owns the row. */
            rights: components["schemas"]["Right"][];
            role: components["schemas"]["UserRole"];
            /** Format: date-time */
            signed_in_at?: string | null;
        };
        /** @description What changes; what is left out stays. */
        UserChange: {
            /** @description Null removes it. */
            comment?: string | null;
            disabled?: boolean | null;
            permissions?: components["schemas"]["UserPermissions"] | null;
            role?: components["schemas"]["Role"] | null;
        };
        /** @description Rights besides the role. */
        UserPermissions: {
            /** @description May create and change tasks. */
            add_task: boolean;
            /** @description May start and stop runs. */
            run: boolean;
        };
        /**
         * @description A role; `unknown` stands for one that nobody knows, which has no rights.
         * @enum {string}
         */
        UserRole: "root" | "admin" | "default" | "unknown";
        /** @description What the engine finds wrong with a config. */
        Validation: {
            problems: components["schemas"]["ConfigProblem"][];
            valid: boolean;
        };
        /** @description A number of values. */
        ValueCount: {
            /** @description Whether it may be off, by some 2 %. */
            is_estimate: boolean;
            /** Format: int64 */
            value: number;
        };
        /**
         * @description What a check means.
         * @enum {string}
         */
        Verdict: "good" | "not_accepted_yet" | "faulty";
        /** @description Who is signed in. */
        WhoAmI: {
            /** @description May create and change tasks. */
            add_task: boolean;
            /** @description The roles that the account may give to others. */
            grantable_roles: components["schemas"]["UserRole"][];
            id: string;
            name: string;
            /** @description What the account may do whoever owns the row. */
            rights: components["schemas"]["Right"][];
            role: components["schemas"]["UserRole"];
            /** @description May start and stop runs. */
            run: boolean;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    engines_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Engine"][];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    engines_check: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EngineFinding"][];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    events_listen: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `id` of the last frame that was received */
                "Last-Event-ID"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["Change"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    instances_list: {
        parameters: {
            query?: {
                /** @description Made at this moment or later. */
                created_after?: string;
                /** @description Made before this moment. */
                created_before?: string;
                cursor?: string;
                limit?: number;
                /** @description Of one project. */
                project?: string;
                /** @description In one of these states, separated by commas. */
                status?: string;
                /** @description Of one task version. */
                task?: string;
                /** @description Of all versions of a task, named by the first. */
                task_root?: string;
                /** @description With warnings only. */
                warnings?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_Instance"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    instances_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    instances_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    instances_comment: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InstanceChange"];
            };
        };
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    instances_consent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentRequest"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    instances_decide: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsentAnswer"];
            };
        };
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    instances_events: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Event"][];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    instances_logs: {
        parameters: {
            query?: {
                /** @description The present one by default. */
                attempt?: number;
                /** @description Only lines before the one of this number. */
                before?: number;
                /** @description Lines with this text, whatever the case of its letters. */
                contains?: string;
                /** @description Whether to go on with what is said later, as server-sent events. */
                follow?: boolean;
                /** @description `json` (the default), or `text`: the whole log from the first line that is asked for, as a file. */
                format?: "json" | "text";
                /** @description The number of the first line, from 0. */
                from?: number;
                /** @description `debug`, `info`, `warn` and `error`, as many as are wanted, separated by commas; all by default. */
                levels?: string;
                limit?: number;
                /** @description Lines of one part of the job. */
                role?: string;
                tail?: number;
            };
            header?: {
                /** @description With `follow`: the `id` of the last frame that was received */
                "Last-Event-ID"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Log"];
                    "text/event-stream": components["schemas"]["LogFrameData"];
                    "text/plain": string;
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    instances_metrics: {
        parameters: {
            query?: {
                /** @description Only points behind this step. */
                after_step?: number;
                /** @description The present one by default. */
                attempt?: number;
                /** @description One curve; all by default. */
                name?: string;
                points?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Metric"][];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    instances_results: {
        parameters: {
            query?: {
                /** @description The present one by default. */
                attempt?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunResult"][];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    instances_start: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    instances_stop: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    instances_warnings: {
        parameters: {
            query?: {
                /** @description The present one by default. */
                attempt?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunWarning"][];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invitations_list: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_Invitation"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invitations_invite: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A fresh word for each thing that is to be made. The same request with the same key gives the first answer again
                 *     for 24 hours; another request with it is refused.
                 */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewInvitation"];
            };
        };
        responses: {
            /** @description It was made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invited"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invitations_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invitations_accept: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A fresh word for each thing that is to be made. The same request with the same key gives the first answer again
                 *     for 24 hours; another request with it is refused.
                 */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Acceptance"];
            };
        };
        responses: {
            /** @description It was made. */
            201: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Partner"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invitations_preview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Code"];
            };
        };
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    objects_list: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_ListedObject"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    objects_download: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` that the range fits to. */
                "If-Range"?: string | null;
                /** @description One range of bytes, as in `bytes=0-1023`. */
                Range?: string | null;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    "Accept-Ranges"?: string;
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": components["schemas"]["FileBytes"];
                };
            };
            /** @description The part of the file. */
            206: {
                headers: {
                    "Content-Range"?: string;
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": components["schemas"]["FileBytes"];
                };
            };
            /** @description The range lies outside of the file. */
            416: {
                headers: {
                    "Content-Range"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    objects_upload: {
        parameters: {
            query?: {
                /**
                 * @description Whether a file of that name may be replaced. One that a paired task uses stays: the upload becomes a new version
                 *     of it, under the name that the answer tells.
                 */
                replace?: boolean;
            };
            header?: {
                /** @description The hexadecimal SHA-256 of the file; another one is refused. */
                "X-Content-SHA256"?: string | null;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": components["schemas"]["FileBytes"];
            };
        };
        responses: {
            /** @description It was made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredObject"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    objects_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    objects_info: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ObjectInfo"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    objects_profile: {
        parameters: {
            query?: {
                /** @description The character between two fields, as a config would have it; found by itself without it. */
                delimiter?: string;
                /** @description The text encoding, as a config would have it; found by itself without it. */
                encoding?: string;
                /** @description Whether the first line names the columns; guessed without it. */
                has_header?: boolean;
                /** @description Texts that stand for a missing value, one on each line; the usual ones without it. */
                missing?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TableProfile"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    objects_preview: {
        parameters: {
            query?: {
                /** @description The character between two fields, as a config would have it; found by itself without it. */
                delimiter?: string;
                /** @description The text encoding, as a config would have it; found by itself without it. */
                encoding?: string;
                /** @description Whether the first line names the columns; guessed without it. */
                has_header?: boolean;
                /** @description Texts that stand for a missing value, one on each line; the engine's usual ones without it. */
                missing?: string;
                rows?: number;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TablePreview"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    system_overview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pairings_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pairing"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pairings_refresh: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pairing"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pairings_take_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pairing"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    partners_list: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_Partner"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    partners_add_base: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A fresh word for each thing that is to be made. The same request with the same key gives the first answer again
                 *     for 24 hours; another request with it is refused.
                 */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewBasePartner"];
            };
        };
        responses: {
            /** @description It was made. */
            201: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Partner"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    partners_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Partner"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    partners_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    partners_update: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PartnerChange"];
            };
        };
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Partner"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    partners_check: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionCheck"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    partners_confirm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Confirmation"];
            };
        };
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Partner"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    partners_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Partner"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    partners_suspend: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Partner"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    partners_unpair: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Unpairing"];
            };
        };
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Partner"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    projects_list: {
        parameters: {
            query?: {
                /** @description Whether those that were put away are in the list. */
                archived?: boolean;
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_Project"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    projects_create: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A fresh word for each thing that is to be made. The same request with the same key gives the first answer again
                 *     for 24 hours; another request with it is refused.
                 */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProject"];
            };
        };
        responses: {
            /** @description It was made. */
            201: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    projects_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    projects_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    projects_update: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectChange"];
            };
        };
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    projects_archive: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    projects_check: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectCheck"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    projects_assign: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Assignment"];
            };
        };
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tasks_list: {
        parameters: {
            query?: {
                /** @description Whether those that were put away are in the list. */
                archived?: boolean;
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_TaskSummary"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tasks_create: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A fresh word for each thing that is to be made. The same request with the same key gives the first answer again
                 *     for 24 hours; another request with it is refused.
                 */
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTask"];
            };
        };
        responses: {
            /** @description It was made. */
            201: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session_register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description It was made. */
            201: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resources_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Attachment"];
            };
        };
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resources_detach: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session_who_am_i: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WhoAmI"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session_sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description It was made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session_sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setup_status: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupStatus"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setup_first_admin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FirstAdmin"];
            };
        };
        responses: {
            /** @description It was made. */
            201: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    system_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["System"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    system_update: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SystemChange"];
            };
        };
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["System"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    system_outbox: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                /** @description To one partner. */
                partner?: string;
                /** @description In one state. */
                state?: components["schemas"]["OutboxState"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_OutboxMessage"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    system_give_up: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    system_retry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    system_refused_calls: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusedCall"][];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tasks_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tasks_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tasks_update: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskChange"];
            };
        };
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tasks_archive: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Archiving"];
            };
        };
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    instances_run: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A fresh word for each thing that is to be made. The same request with the same key gives the first answer again
                 *     for 24 hours; another request with it is refused.
                 */
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewInstance"];
            };
        };
        responses: {
            /** @description It was made. */
            201: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pairings_ask: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A fresh word for each thing that is to be made. The same request with the same key gives the first answer again
                 *     for 24 hours; another request with it is refused.
                 */
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was made. */
            201: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pairing"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resources_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"][];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resources_attach: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A fresh word for each thing that is to be made. The same request with the same key gives the first answer again
                 *     for 24 hours; another request with it is refused.
                 */
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Attachment"];
            };
        };
        responses: {
            /** @description It was made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tasks_validate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Validation"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tasks_versions: {
        parameters: {
            query?: {
                /** @description Whether those that were put away are in the list. */
                archived?: boolean;
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_Task"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tasks_new_version: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A fresh word for each thing that is to be made. The same request with the same key gives the first answer again
                 *     for 24 hours; another request with it is refused.
                 */
                "Idempotency-Key"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was made. */
            201: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_list: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_User"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_create: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A fresh word for each thing that is to be made. The same request with the same key gives the first answer again
                 *     for 24 hours; another request with it is refused.
                 */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            /** @description It was made. */
            201: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_update: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserChange"];
            };
        };
        responses: {
            /** @description What was asked for. */
            200: {
                headers: {
                    /** @description The row's generation, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_change_password: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description It was done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused; `code` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
