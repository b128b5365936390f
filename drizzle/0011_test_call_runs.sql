ALTER TABLE "test_calls" ADD COLUMN "awaits" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "test_calls" ADD COLUMN "run" text;