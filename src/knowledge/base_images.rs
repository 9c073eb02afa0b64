//! What is known of images that projects build on but that are not read: their working directory.
//!
//! Source: the Dockerfiles of the Docker Official Images and of the images named here.

/// Images whose working directory is not `/`, by name without registry, tag and digest.
const WORKDIRS: [(&str, &str); 14] = [
    ("golang", "/go"),
    ("php", "/var/www/html"),
    ("wordpress", "/var/www/html"),
    ("drupal", "/opt/drupal"),
    ("gradle", "/home/gradle"),
    ("composer", "/app"),
    ("caddy", "/srv"),
    ("ghost", "/var/lib/ghost"),
    ("tomcat", "/usr/local/tomcat"),
    ("oven/bun", "/home/bun/app"),
    ("denoland/deno", "/"),
    ("tiangolo/uvicorn-gunicorn-fastapi", "/app"),
    ("tiangolo/uvicorn-gunicorn", "/app"),
    ("condaforge/miniforge3", "/"),
];

/// Registries of images that begin at `/`, and families of them.
const AT_ROOT: [&str; 8] = [
    "mcr.microsoft.com/",
    "gcr.io/distroless/",
    "ghcr.io/astral-sh/",
    "nvidia/cuda",
    "registry.access.redhat.com/ubi",
    "public.ecr.aws/docker/library/",
    "nginxinc/",
    "amazoncorretto",
];

/// The working directory of an image; `None` when it is not known.
pub(crate) fn workdir(image: &str) -> Option<&'static str> {
    let name = name(image);
    if let Some((_, workdir)) = WORKDIRS.iter().find(|(known, _)| *known == name) {
        return Some(workdir);
    }
    is_public(image).then_some("/")
}

/// Whether an image is an official one, or of a publisher named here: what its environment says is
/// known.
pub fn is_public(image: &str) -> bool {
    let name = name(image);
    // An official image has no owner in its name.
    let is_official = !name.contains('/');
    is_official || AT_ROOT.iter().any(|prefix| name.starts_with(prefix))
}

/// The name of an image without Docker Hub's prefixes, tag and digest.
pub fn name(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    let start = image.rfind('/').map_or(0, |slash| slash + 1);
    let end = image[start..]
        .find(':')
        .map_or(image.len(), |colon| start + colon);
    let name = &image[..end];
    let name = name.strip_prefix("docker.io/").unwrap_or(name);
    name.strip_prefix("library/").unwrap_or(name)
}
