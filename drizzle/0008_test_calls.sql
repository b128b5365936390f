CREATE TABLE "test_calls" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"workflow" text NOT NULL,
	"key" text NOT NULL,
	"by" text NOT NULL,
	"token_hash" text NOT NULL,
	"params" json NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"call" json,
	"called_at" timestamp with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "test_calls_by_token" ON "test_calls" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "test_calls_by_end" ON "test_calls" USING btree ("until");