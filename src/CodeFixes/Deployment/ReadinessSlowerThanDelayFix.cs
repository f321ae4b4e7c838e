using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace ShutdownAnalyzers.Deployment;

/// <summary>SHUT609: a period and a threshold that fit the delay.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, DocumentKinds = [nameof(TextDocumentKind.AdditionalDocument)])]
public sealed class ReadinessSlowerThanDelayFix() : DeploymentFix(RuleIds.ReadinessSlowerThanDelay);
