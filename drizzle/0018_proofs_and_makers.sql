CREATE TABLE "proofs" (
	"workspace_id" text NOT NULL,
	"workflow" text NOT NULL,
	"shape" text NOT NULL,
	"header" text NOT NULL,
	"until" timestamp with time zone NOT NULL,
	CONSTRAINT "proofs_workspace_id_workflow_shape_header_pk" PRIMARY KEY("workspace_id","workflow","shape","header")
);
--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "created_by" text;
--> statement-breakpoint
INSERT INTO "proofs" ("workspace_id", "workflow", "shape", "header", "until")
SELECT DISTINCT "workspace_id", "workflow", "shape",
	CASE WHEN "params"->'auth'->>'kind' = 'header' THEN lower(coalesce("params"->'auth'->>'name', '')) ELSE 'authorization' END, 'infinity'::timestamptz
FROM "triggers" WHERE "kind" = 'webhook' AND "shape" IS NOT NULL AND "params"->'auth'->>'kind' <> 'none';
