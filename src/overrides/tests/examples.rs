//! Worked examples: whole projects of several kinds, and the override that each of them needs.

use super::*;

const PYTHON: &str = r#"FROM python:3.12-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]
"#;

fn microservices() -> Memory {
    let mut files = Memory::new()
        .with(
            "/p/compose.yaml",
            r#"name: alice
services:
  guardian:
    build: ./services/guardian
    ports: ["8787:8000"]
    healthcheck:
      test: ["CMD", "python", "-c", "import urllib.request as u; u.urlopen('http://localhost:8000/health')"]
      interval: 30s
      retries: 3
  orchestrator:
    build: ./services/orchestrator
    command: ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000", "--workers", "2"]
    ports: ["18000:8000"]
    environment:
      REDIS_URL: redis://redis:6379
    depends_on:
      guardian: {condition: service_healthy}
      nlu: {condition: service_healthy}
      redis: {condition: service_healthy, required: false}
  nlu:
    build: ./services/nlu
    healthcheck:
      test: ["CMD", "python", "-c", "import urllib.request as u; u.urlopen('http://localhost:8000/health')"]
  voice:
    build: ./services/voice
    depends_on: [orchestrator]
  memory:
    build: ./services/memory
    depends_on: [redis]
  redis:
    image: redis:7
    healthcheck:
      test: ["CMD", "redis-cli", "ping"]
      interval: 10s
  dev-proxy:
    build: ./services/dev-proxy
    ports: ["18080:80"]
    depends_on: [orchestrator]
  dashboard:
    image: grafana/grafana:11.2.0
    ports: ["3001:3000"]
"#,
        )
        .with("/p/services/dev-proxy/Dockerfile", "FROM caddy:2\nCOPY Caddyfile /etc/caddy/Caddyfile\n")
        .with("/p/services/dev-proxy/Caddyfile", ":80\nreverse_proxy orchestrator:8000\n");
    for service in ["guardian", "orchestrator", "nlu", "voice", "memory"] {
        let directory = Path::new("/p/services").join(service);
        files.write(directory.join("Dockerfile"), PYTHON);
        files.write(directory.join("main.py"), "from fastapi import FastAPI\n\napp = FastAPI()\n");
        files.write(directory.join("requirements.txt"), "fastapi\nuvicorn[standard]\n");
    }
    files
}

fn next_with_postgres() -> Memory {
    Memory::new()
        .with(
            "/p/compose.yaml",
            r#"services:
  web:
    build: {context: ./web, target: prod}
    image: registry.example.com/shop/web:1.4
    ports: ["3000:3000"]
    command: ["npm", "run", "start"]
    environment: {DATABASE_URL: "postgres://postgres:dev@db/app", NODE_ENV: production}
    depends_on: {db: {condition: service_healthy}}
  db:
    image: postgres:17
    environment: {POSTGRES_PASSWORD: dev}
    volumes: ["pg:/var/lib/postgresql/data"]
    healthcheck: {test: ["CMD", "pg_isready", "-U", "postgres"]}
volumes: {pg: }
"#,
        )
        .with(
            "/p/web/Dockerfile",
            r#"FROM node:22-slim AS deps
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci

FROM deps AS dev
ENV NODE_ENV=development
COPY . .
CMD ["npm", "run", "dev"]

FROM deps AS build
COPY . .
RUN npm run build

FROM node:22-slim AS prod
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /app ./
CMD ["npm", "run", "start"]
"#,
        )
        .with(
            "/p/web/package.json",
            r#"{"name": "web", "scripts": {"dev": "next dev -H 0.0.0.0", "start": "next start", "build": "next build"}, "dependencies": {"next": "15"}}"#,
        )
        .with("/p/web/package-lock.json", "{}")
        .with("/p/web/app/page.tsx", "export default function Page() { return null }\n")
}

fn django_with_celery() -> Memory {
    Memory::new()
        .with(
            "/p/compose.yaml",
            r#"x-app: &app
  image: shop/app
  env_file: [{path: .env, required: false}]
  depends_on: {redis: {condition: service_healthy}, db: {condition: service_healthy}}
services:
  web:
    <<: *app
    build: {context: ., target: prod}
    ports: ["8000:8000"]
    volumes: ["static:/app/static"]
  worker: {<<: *app, command: celery -A proj worker -l info}
  beat: {<<: *app, command: celery -A proj beat -l info}
  flower: {<<: *app, command: celery -A proj flower, ports: ["5555:5555"]}
  redis: {image: "redis:7", healthcheck: {test: ["CMD", "redis-cli", "ping"]}}
  db: {image: "postgres:17", environment: {POSTGRES_PASSWORD: x}, healthcheck: {test: ["CMD", "pg_isready", "-U", "postgres"]}}
volumes: {static: }
"#,
        )
        .with(
            "/p/Dockerfile",
            r#"FROM python:3.12-slim AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt
FROM base AS dev
RUN --mount=type=cache,target=/root/.cache/pip pip install watchfiles
COPY . .
ENTRYPOINT ["./entrypoint.sh"]
CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]
FROM base AS prod
COPY . .
ENTRYPOINT ["./entrypoint.sh"]
CMD ["gunicorn", "proj.wsgi:application", "-b", "0.0.0.0:8000", "--preload", "--workers", "4"]
"#,
        )
        .with("/p/entrypoint.sh", "#!/bin/sh\nset -e\npython manage.py migrate --noinput\nexec \"$@\"\n")
        .with("/p/requirements.txt", "django\ncelery\nredis\ngunicorn\n")
        .with("/p/requirements-dev.txt", "watchfiles\n")
        .with("/p/manage.py", "import sys\n")
        .with("/p/static/site.css", "body {}\n")
        .with("/p/proj/wsgi.py", "application = None\n")
}

fn go_and_react() -> Memory {
    Memory::new()
        .with(
            "/p/compose.yaml",
            r#"services:
  api:
    build: {context: ./api, target: prod}
    ports: ["8080:8080"]
  ui:
    build: {context: ., dockerfile: ui/Dockerfile, target: prod}
    ports: ["80:80"]
    depends_on: [api]
"#,
        )
        .with(
            "/p/api/Dockerfile",
            r#"FROM golang:1.24 AS base
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
FROM base AS dev
RUN --mount=type=cache,target=/root/.cache/go-build --mount=type=cache,target=/go/pkg/mod go install github.com/air-verse/air@v1.61.7
COPY . .
CMD ["air", "-c", ".air.toml"]
FROM base AS build
COPY . .
RUN --mount=type=cache,target=/root/.cache/go-build --mount=type=cache,target=/go/pkg/mod CGO_ENABLED=0 go build -o /out/api ./cmd/api
FROM gcr.io/distroless/static-debian12 AS prod
COPY --from=build /out/api /api
ENTRYPOINT ["/api"]
"#,
        )
        .with("/p/api/go.mod", "module api\n")
        .with("/p/api/go.sum", "")
        .with("/p/api/.air.toml", "")
        .with("/p/api/cmd/api/main.go", "package main\n")
        .with(
            "/p/ui/Dockerfile",
            r#"FROM node:22-slim AS deps
WORKDIR /repo
RUN corepack enable
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY packages/shared/package.json packages/shared/
COPY ui/package.json ui/
RUN --mount=type=cache,target=/root/.local/share/pnpm/store pnpm install --frozen-lockfile
FROM deps AS dev
COPY . .
WORKDIR /repo/ui
CMD ["pnpm", "dev", "--host"]
FROM deps AS build
COPY . .
RUN pnpm --filter ui build
FROM nginx:1.27 AS prod
COPY --from=build /repo/ui/dist /usr/share/nginx/html
"#,
        )
        .with("/p/package.json", r#"{"private": true}"#)
        .with("/p/pnpm-workspace.yaml", "packages: [ui, packages/*]\n")
        .with("/p/pnpm-lock.yaml", "")
        .with("/p/packages/shared/package.json", r#"{"name": "shared"}"#)
        .with("/p/packages/shared/index.ts", "export {}\n")
        .with("/p/ui/package.json", r#"{"name": "ui", "scripts": {"dev": "vite", "build": "vite build"}}"#)
        .with("/p/ui/src/main.tsx", "export {}\n")
}

fn spring() -> Memory {
    Memory::new()
        .with(
            "/p/compose.yaml",
            r#"services:
  app:
    build: {context: ., target: prod}
    ports: ["8080:8080"]
    depends_on: {db: {condition: service_healthy}}
  db: {image: "postgres:17", environment: {POSTGRES_PASSWORD: x}, healthcheck: {test: ["CMD", "pg_isready", "-U", "postgres"]}}
"#,
        )
        .with(
            "/p/Dockerfile",
            r#"FROM eclipse-temurin:21-jdk AS build
WORKDIR /app
COPY mvnw pom.xml ./
COPY .mvn .mvn
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B dependency:go-offline
COPY src src
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -DskipTests package
FROM eclipse-temurin:21-jre AS prod
COPY --from=build /app/target/*.jar /app.jar
ENTRYPOINT ["java", "-jar", "/app.jar"]
"#,
        )
        .with("/p/mvnw", "")
        .with("/p/pom.xml", "<project/>\n")
        .with("/p/.mvn/wrapper/maven-wrapper.properties", "")
        .with("/p/src/main/java/App.java", "class App {}\n")
}

#[test]
fn microservices_in_python_get_mounts_reload_quick_health_and_profiles() {
    check(&microservices(), "compose.override.yaml", include_str!("microservices.yaml"));
}

#[test]
fn a_next_service_gets_the_stage_for_development_under_a_tag_of_its_own() {
    check(&next_with_postgres(), "compose.dev.yaml", include_str!("next_with_postgres.yaml"));
}

#[test]
fn services_that_share_an_image_follow_the_one_that_builds_it() {
    check(&django_with_celery(), "compose.dev.yaml", include_str!("django_with_celery.yaml"));
}

#[test]
fn a_workspace_is_mounted_package_by_package_and_a_compiler_keeps_its_caches() {
    check(&go_and_react(), "compose.dev.yaml", include_str!("go_and_react.yaml"));
}

#[test]
fn what_cannot_run_from_its_sources_is_built_again_by_watching() {
    check(&spring(), "compose.dev.yaml", include_str!("spring.yaml"));
}
