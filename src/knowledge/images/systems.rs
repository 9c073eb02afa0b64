//! Bare systems, and images with hardly more than one.

use super::{Check, Entry, FETCHERS, IMAGE, Image, Tag, Tools};

pub(super) const IMAGES: &[Image] = &[
    Image {
        names: &[
            "julia",
            "r-base",
            "bun",
            "centos",
            "nvidia/cuda",
            "mambaorg/micromamba",
            "continuumio/*",
        ],
        runs: Some(Entry::Prompt),
        source: "hub.docker.com/_/julia",
        ..IMAGE
    },
    Image {
        names: &["alpine"],
        runs: Some(Entry::Prompt),
        as_given: true,
        variables: Some(&[]),
        users: Some(&[]),
        tools: &[
            Tools {
                tag: Tag::With("alpine"),
                has: &["wget", "nc"],
                lacks: &["curl"],
            },
            Tools {
                tag: Tag::Any,
                has: &["wget", "nc"],
                lacks: &["curl"],
            },
        ],
        check: Check::Missing,
        source: "hub.docker.com/_/alpine",
        ..IMAGE
    },
    Image {
        names: &["debian"],
        runs: Some(Entry::Prompt),
        as_given: true,
        variables: Some(&[]),
        users: Some(&[]),
        tools: &[
            Tools {
                tag: Tag::With("slim"),
                has: &[],
                lacks: FETCHERS,
            },
            Tools {
                tag: Tag::Any,
                has: &[],
                lacks: FETCHERS,
            },
        ],
        check: Check::Missing,
        source: "hub.docker.com/_/debian",
        ..IMAGE
    },
    Image {
        names: &["ubuntu"],
        runs: Some(Entry::Prompt),
        as_given: true,
        variables: Some(&[]),
        users: Some(&["ubuntu"]),
        tools: &[Tools {
            tag: Tag::Any,
            has: &[],
            lacks: FETCHERS,
        }],
        check: Check::Missing,
        source: "hub.docker.com/_/ubuntu",
        ..IMAGE
    },
    Image {
        names: &["fedora"],
        runs: Some(Entry::Prompt),
        as_given: true,
        variables: Some(&[]),
        check: Check::Missing,
        source: "hub.docker.com/_/fedora",
        ..IMAGE
    },
    Image {
        names: &["rockylinux", "almalinux", "amazonlinux", "scratch"],
        runs: Some(Entry::Prompt),
        as_given: true,
        variables: Some(&[]),
        source: "hub.docker.com/_/rockylinux",
        ..IMAGE
    },
    Image {
        names: &["busybox"],
        runs: Some(Entry::Prompt),
        as_given: true,
        variables: Some(&[]),
        tools: &[Tools {
            tag: Tag::Any,
            has: &["wget", "nc"],
            lacks: &["curl"],
        }],
        check: Check::Missing,
        source: "hub.docker.com/_/busybox",
        ..IMAGE
    },
    Image {
        names: &["distroless/*"],
        runs: Some(Entry::Prompt),
        tools: &[Tools {
            tag: Tag::Without(&["debug"]),
            has: &[],
            lacks: FETCHERS,
        }],
        check: Check::Missing,
        source: "hub.docker.com/r/distroless",
        ..IMAGE
    },
    Image {
        names: &["astral-sh/uv"],
        runs: Some(Entry::Prompt),
        users: Some(&[]),
        tools: &[
            Tools {
                tag: Tag::With("alpine"),
                has: &["wget", "nc", "python"],
                lacks: &["curl"],
            },
            Tools {
                tag: Tag::With("slim"),
                has: &["python"],
                lacks: FETCHERS,
            },
        ],
        source: "hub.docker.com/r/astral-sh/uv",
        ..IMAGE
    },
    Image {
        names: &["archlinux", "oraclelinux", "buildpack-deps"],
        as_given: true,
        variables: Some(&[]),
        source: "hub.docker.com/_/archlinux",
        ..IMAGE
    },
];
