{{- define "efls.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "efls.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "efls.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: console
{{- end }}

{{- define "efls.trialSelector" -}}
app.kubernetes.io/name: efls-trial
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "efls.secret" -}}
{{- .Values.secret.existing | default (include "efls.name" .) }}
{{- end }}

{{- /* The settings that hold: those of the values over what follows from other values. */}}
{{- define "efls.config" -}}
{{- $config := deepCopy .Values.config }}
{{- if and .Values.ingress.enabled (not $config.service.base_url) }}
{{- $scheme := ternary "https" "http" (not (empty .Values.ingress.tlsSecret)) }}
{{- $_ := set $config.service "base_url" (printf "%s://%s" $scheme .Values.ingress.host) }}
{{- end }}
{{- if .Values.metrics.enabled }}
{{- $config = merge $config (dict "metrics" (dict "listen" (printf "0.0.0.0:%v" .Values.metrics.port))) }}
{{- end }}
{{- if .Values.trial.enabled }}
{{- $name := include "efls.name" . }}
{{- if not $config.service.base_url }}
{{- $_ := set $config.service "base_url" (printf "http://%s.%s.svc:%v" $name .Release.Namespace .Values.service.port) }}
{{- end }}
{{- $config = merge $config (dict "storage" (dict "s3" (dict "endpoint" (printf "http://%s-store:9000" $name)))) }}
{{- end }}
{{- if ne $config.storage.kind "s3" }}
{{- fail "config.storage.kind must be s3: replicas share no disk, and a pod's own is lost with it" }}
{{- end }}
{{- if not $config.service.base_url }}
{{- fail "config.service.base_url must be set when there is no ingress: it is the address that partners are told" }}
{{- end }}
{{- toJson $config }}
{{- end }}

{{- /* Sections and keys as variables EFLS_SECTION__KEY. */}}
{{- define "efls.variables" -}}
{{- range $key, $value := .tree }}
{{- $name := printf "%s%s" $.prefix (upper $key) }}
{{- if eq $name "EFLS_ENGINES__KUBERNETES__CLUSTERS" }}
{{ $name }}: {{ include "efls.literal" $value | quote }}
{{- else if kindIs "map" $value }}
{{- include "efls.variables" (dict "tree" $value "prefix" (printf "%s__" $name)) }}
{{- else }}
{{ $name }}: {{ ternary $value (toJson $value) (kindIs "string" $value) | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- /* A value in the form that variables have it: names of clusters, labels and volumes fit into no variable's name. */}}
{{- define "efls.literal" -}}
{{- if kindIs "map" . -}}
{
{{- $first := true -}}
{{- range $key, $value := . -}}
{{- if not $first }},{{ end -}}{{ toJson $key }}={{ include "efls.literal" $value }}
{{- $first = false -}}
{{- end -}}
}
{{- else if kindIs "slice" . -}}
[
{{- range $index, $value := . -}}
{{- if $index }},{{ end -}}{{ include "efls.literal" $value }}
{{- end -}}
]
{{- else -}}
{{ toJson . }}
{{- end -}}
{{- end }}

{{- define "efls.confined" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- /* Beside what they do: the image, settings, secrets and mounts of both containers. */}}
{{- define "efls.container" -}}
image: {{ printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
envFrom:
  - configMapRef:
      name: {{ include "efls.name" . }}
env:
  - name: EFLS_DATABASE__URL_FILE
    value: /run/secrets/efls-console/database-url
  - name: EFLS_STORAGE__S3__ACCESS_KEY_FILE
    value: /run/secrets/efls-console/s3-access-key
  - name: EFLS_STORAGE__S3__SECRET_KEY_FILE
    value: /run/secrets/efls-console/s3-secret-key
  {{- with .Values.extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
securityContext:
  {{- include "efls.confined" . | nindent 2 }}
volumeMounts:
  - name: secrets
    mountPath: /run/secrets/efls-console
    readOnly: true
  - name: work
    mountPath: /var/lib/efls-console
  {{- with .Values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
