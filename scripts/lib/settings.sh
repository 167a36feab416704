# shellcheck shell=bash
# Settings that scripts/up is given as environment variables. Services start again without it, at a boot
# or after a crash, so their environment is empty and what was given is kept in coderoom.conf.

# settings_read: sets SETTINGS to the variables that name a setting; stops at one that nearly does. Those
# of the database and of the scripts are read where they are used.
settings_read()
{
    local name sections
    SETTINGS=()
    sections=$(sed -nE 's/^# ---- ([a-z]+) ----$/\1/p' "$CR_SOURCE/conf/coderoom.conf.sample" | paste -sd '|')
    for name in $(grep '^CODEROOM_' <<<"$CR_GIVEN"); do
        case $name in
            CODEROOM_MONGODB_URI | CODEROOM_MONGODB_URI_FILE) continue ;;
            CODEROOM_HTTP_*) die "$name is not enough, since nginx has to know the address as well; give it with --url." ;;
        esac
        if [ -n "$(setting_key "$name")" ]; then
            [[ ${!name} != *$'\n'* ]] || die "$name has more than one line, which coderoom.conf cannot hold; write it in one."
            SETTINGS+=("$name")
        elif grep -qE "^CODEROOM_(${sections^^})_" <<<"$name"; then
            die "$name names no setting; they are all in $CR_SOURCE/conf/coderoom.conf.sample."
        fi
    done
}

# setting_key VARIABLE: prints its key as coderoom.conf has it, "runner.lease" or "auth.service_token_file".
setting_key()
{
    awk -v name="$1" '$NF == name || $NF "_FILE" == name {
        suffix = $NF == name ? "" : "_file"
        getline
        print substr($1, 2) suffix
    }' "$CR_SOURCE/conf/coderoom.conf.sample"
}

# settings_add: prints a configuration, read from standard input, with each of them: behind the sample's
# line of its key, in the place of any other value that the key had.
settings_add()
{
    local name key value text
    text=$(cat)
    for name in "${SETTINGS[@]}"; do
        key=$(setting_key "$name") value=${!name}
        case $name:$value in
            *_FILE:[!/]*) value=$PWD/$value ;;
        esac
        say "Setting $key in coderoom.conf"
        text=$(KEY=$key VALUE=$value awk '
            BEGIN { line = ENVIRON["KEY"] " = " ENVIRON["VALUE"]; key = ENVIRON["KEY"]; sub(/_file$/, "", key) }
            { k = $0; sub(/[ \t]*=.*/, "", k); sub(/^[ \t]+/, "", k); sub(/_file$/, "", k) }
            k == key { next }
            { print }
            k == "#" key && !n++ { print line }
            END { if (!n) print line }' <<<"$text")
    done
    printf '%s\n' "$text"
}
