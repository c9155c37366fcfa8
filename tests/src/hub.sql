-- What a hub has to do to have every event once: insert what it has not got, move
-- the mark, and say the mark only when both are on its disk.
create table event (
    gateway text, epoch text, seq bigint, lane text, what jsonb,
    came bigserial,
    primary key (gateway, epoch, seq)
);
create table mark (
    gateway text, epoch text, lane text, upto bigint not null,
    primary key (gateway, epoch, lane)
);

create function upto(g text, e text, l text) returns bigint language sql as $$
    select coalesce((select upto from mark where gateway = g and epoch = e and lane = l), 0)
$$;

-- Takes a batch in, and returns the mark as the gateway is to be told it.
create function take(g text, batch jsonb) returns jsonb language plpgsql as $$
declare
    e text := batch->>'epoch';
    l text := batch->>'lane';
    has bigint := upto(g, e, l);
    gap boolean := (batch->>'after')::bigint > has;
begin
    if not gap then
        insert into event (gateway, epoch, seq, lane, what)
            select g, e, (item->>'seq')::bigint, l, item->'what'
            from jsonb_array_elements(batch->'events') item
            on conflict do nothing;
        insert into mark values (g, e, l, (batch->>'upto')::bigint)
            on conflict (gateway, epoch, lane)
            do update set upto = greatest(mark.upto, excluded.upto);
    end if;
    return jsonb_build_object('epoch', e, 'first', upto(g, e, 'first'),
        'rest', upto(g, e, 'rest'), 'gap', gap);
end $$;
