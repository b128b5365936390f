CREATE TABLE "former_secrets" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"credential" text NOT NULL,
	"type" text NOT NULL,
	"key_id" text NOT NULL,
	"wrapped" text NOT NULL,
	"sealed" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "former_secrets_by_time" ON "former_secrets" USING btree ("workspace_id","at");