using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using ShutdownAnalyzers.Deployment.Files;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment;

/// <summary>The base of the rules that report in a deployment file: a rule says what it finds, and where; this says it at the right file's turn.</summary>
public abstract class DeploymentRule : ShutdownAnalyzer
{
    private readonly DiagnosticDescriptor _descriptor;

    private protected DeploymentRule(DiagnosticDescriptor descriptor)
        : base(Gate.Executable, descriptor)
    {
        _descriptor = descriptor;
    }

    /// <summary>What is wrong in the files that run this project.</summary>
    private protected abstract IEnumerable<Finding> Check(DeploymentModel deployment, HostFacts host);

    private protected sealed override void Register(CompilationStartAnalysisContext context, HostFacts host)
    {
        if (host.Deployment.Files.All.Count == 0)
            return;

        var findings = new Lazy<IReadOnlyList<Finding>>(() => [.. Check(host.Deployment, host)]);
        context.RegisterAdditionalFileAction(file =>
        {
            if (host.Deployment.Files.Find(file.AdditionalFile) is not { } current)
                return;

            // What several services or containers share by an anchor, an extended service or a ConfigMap is reported once.
            var places = new HashSet<TextSpan>();
            foreach (var finding in findings.Value)
            {
                if (finding.File == current && places.Add(finding.Place) && !current.Ignores(_descriptor.Id, finding.Place))
                    file.ReportDiagnostic(Diagnostic.Create(_descriptor, current.Location(finding.Place), finding.Edit?.ToProperties(), finding.Arguments));
            }
        });
    }

    /// <summary>A place in a file, and what the message says of it.</summary>
    private protected sealed class Finding(DeploymentFile file, TextSpan place, params object[] arguments)
    {
        public DeploymentFile File { get; } = file;

        public TextSpan Place { get; } = place;

        public object[] Arguments { get; } = arguments;

        /// <summary>The correction, where there is one for this place.</summary>
        public Edit? Edit { get; init; }
    }
}
