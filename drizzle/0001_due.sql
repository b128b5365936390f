CREATE TABLE "state_changes" (
	"workspace_id" text NOT NULL,
	"key" text NOT NULL,
	"answer" json NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "state_changes_workspace_id_key_pk" PRIMARY KEY("workspace_id","key")
);
--> statement-breakpoint
CREATE TABLE "state_values" (
	"workspace_id" text NOT NULL,
	"workflow" text NOT NULL,
	"key" text NOT NULL,
	"value" json NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "state_values_workspace_id_workflow_key_pk" PRIMARY KEY("workspace_id","workflow","key")
);
--> statement-breakpoint
DROP INDEX "stages_due";--> statement-breakpoint
CREATE INDEX "state_changes_by_time" ON "state_changes" USING btree ("at");