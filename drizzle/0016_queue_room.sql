ALTER TABLE "pending_events" ADD COLUMN "bytes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "pending_events" ADD COLUMN "descends" json;--> statement-breakpoint
ALTER TABLE "turns" ADD COLUMN "number" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE "pending_events" SET "bytes" = octet_length("items"::text);--> statement-breakpoint
UPDATE "turns" SET "number" = counted."number" FROM (
  SELECT "run", row_number() OVER (PARTITION BY "workflow", "lot" ORDER BY "at", "run") AS "number" FROM "turns" WHERE "kind" = 'throttle'
) AS counted WHERE "turns"."run" = counted."run" AND "turns"."kind" = 'throttle';--> statement-breakpoint
CREATE INDEX "pending_events_by_workflow" ON "pending_events" USING btree ("workspace_id","workflow","bytes");--> statement-breakpoint
CREATE INDEX "turns_by_number" ON "turns" USING btree ("workflow","lot","number") WHERE kind = 'throttle';