# shellcheck shell=bash
# Fills in conf/nginx/*.in and writes the result to $DATA/nginx.

nginx_render()
{
    local in out listen listen6='' origin path base='' hsts='' connect trusted=''
    origin=$(public_origin)
    path=$(public_path)
    connect="${origin/#http/ws}"
    listen=$(bind_address)
    case $BIND in
        ::) listen="$listen ipv6only=off" ;;
        0.0.0.0) [ ! -e /proc/net/if_inet6 ] || listen6="listen [::]:$PORT ipv6only=on;" ;;
    esac
    case $origin in
        https://*) hsts='add_header Strict-Transport-Security "max-age=31536000" always;' ;;
    esac
    [ "$path" = / ] ||
        base="location $path { rewrite ^$path(.*)\$ /\$1 last; }"
    [ -z "$TRUST_PROXY" ] ||
        trusted="set_real_ip_from $TRUST_PROXY; real_ip_header X-Real-IP;"
    for in in "$CR_SOURCE"/conf/nginx/{nginx,api,problem,headers}.conf.in; do
        out=$DATA/nginx/$(basename "$in" .in)
        sed -e "s|@root@|$ROOT|g" -e "s|@listen@|$listen|" -e "s|@listen6@|$listen6|" \
            -e "s|@api_monitor@|127.0.0.1:$((PORT + 1))|" -e "s|@connect@|$connect|" -e "s|@hsts@|$hsts|" \
            -e "s|@ws_servers@|$(ws_sockets | sed 's/.*/server unix:& max_fails=0;/' | paste -sd " ")|" \
            -e "s|@base_path@|$base|" -e "s|@trusted_proxy@|$trusted|" "$in" >"$out"
    done
    quietly "Checking nginx's configuration" nginx -t -c "$ROOT/nginx/nginx.conf"
}
