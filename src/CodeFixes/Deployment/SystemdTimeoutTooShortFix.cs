using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace ShutdownAnalyzers.Deployment;

/// <summary>SHUT631: the smallest sufficient timeout, or no signal of its own.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, DocumentKinds = [nameof(TextDocumentKind.AdditionalDocument)])]
public sealed class SystemdTimeoutTooShortFix() : DeploymentFix(RuleIds.SystemdTimeoutTooShort);
